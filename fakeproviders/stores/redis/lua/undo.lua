-- Take back a send that nobody was told of; nothing when it was not done, or is forgotten by now.
-- Where it stands in the journal is still known.
local known, charge = earlier(), ask.charges[1]
local replies = known and cmsgpack.unpack(known) or {}
local serial, kind, first = unpack(replies[ask.place] or {})
if kind ~= 'sent' then
  return {'void'}
end
replies[ask.place] = {serial, 'undone'}
remember(cmsgpack.pack(replies))
local was_here = false
for place = tonumber(first), tonumber(first) + #charge.mobiles - 1 do
  was_here = forget(place) or was_here
end
if not was_here then
  return {'void'}
end
give_back(charge)
write_used()
write_numbers()
return {'undone'}
