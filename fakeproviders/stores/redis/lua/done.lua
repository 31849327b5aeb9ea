-- A thing is told, unless another desk tells it.
local holder = redis.call('HGET', CLAIMS, ask.thing)
if not holder or holder == ask.desk then
  redis.call('ZREM', DUE, ask.thing)
  redis.call('HDEL', CLAIMS, ask.thing)
end
return 1
