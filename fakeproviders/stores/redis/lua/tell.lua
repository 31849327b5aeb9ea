-- Keep a change of a session, number it, and tell all processes of it; only whose turn it is may.
local TURN, CHANGES, SESSIONS, USED = unpack(KEYS)
local ask = cmsgpack.unpack(ARGV[1])
if redis.call('GET', TURN) ~= ask.token then
  return {'lost'}
end
local number = redis.call('INCR', CHANGES)
if ask.gone then
  redis.call('HDEL', SESSIONS, ask.session)
  redis.call('HDEL', USED, ask.session)
else
  redis.call('HSET', SESSIONS, ask.session, string.format('%d ', number) .. ARGV[2])
end
for _, key in ipairs({CHANGES, SESSIONS, USED}) do
  redis.call('EXPIRE', key, ask.idle)
end
local told = cmsgpack.pack({number, ask.process, ask.session})
return {'told', number, redis.call('PUBLISH', ask.channel, told)}
