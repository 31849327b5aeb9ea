-- Take back a send that nobody was told of; nothing when it was not done, or is forgotten by now.
local known = earlier()
if not known then
  return {'void'}
end
redis.call('HDEL', REQUESTS, slot)
local was_here = false
for serial = tonumber(known), tonumber(known) + #ask.mobiles - 1 do
  was_here = forget(serial) or was_here
end
if not was_here then
  return {'void'}
end
give_back()
return {'undone'}
