-- Send what was reserved.
local known = earlier()
if known then
  return {'sent', known}
end
if redis.call('HDEL', RESERVED, ask.reservation) == 0 then
  return {'void'}
end
local first = text(deliver(ask.charges[1], 2))
write_inbox()
write_numbers()
remember(first)
return {'sent', first}
