-- Who tells a thing: the desk that asks, unless another that is not gone does; nobody when it has been told.
if ask.at then
  redis.call('ZADD', DUE, text(ask.at), ask.thing)
  keep(redis.call('ZCARD', DUE), 1)
elseif not redis.call('ZSCORE', DUE, ask.thing) then
  return ''
end
local holder = redis.call('HGET', CLAIMS, ask.thing)
for _, gone in ipairs(ask.gone) do
  if holder == gone then
    holder = false
  end
end
if not holder then
  redis.call('HSET', CLAIMS, ask.thing, ask.desk)
  keep(redis.call('HLEN', CLAIMS), 1)
end
return holder or ask.desk
