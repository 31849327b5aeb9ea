-- Send what was reserved.
local known = earlier()
if known then
  return {'sent', known}
end
if redis.call('HDEL', RESERVED, ask.reservation) == 0 then
  return {'void'}
end
local first = deliver()
remember(text(first))
return {'sent', text(first)}
