-- Take back a send that nobody was told of; nothing when it was not done, or is forgotten by now.
-- Where it stands in the journal is still known.
local known = earlier()
local serial, kind, first = unpack(known and cmsgpack.unpack(known) or {})
if kind ~= 'sent' then
  return {'void'}
end
remember(cmsgpack.pack({serial, 'undone'}))
local was_here = false
for place = tonumber(first), tonumber(first) + #ask.mobiles - 1 do
  was_here = forget(place) or was_here
end
if not was_here then
  return {'void'}
end
give_back()
return {'undone'}
