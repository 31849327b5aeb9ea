-- Keep a reply; there is room for so many.
local known = earlier()
if known then
  return tonumber(known)
end
local serial = redis.call('HINCRBY', STATE, 'reply_next', 1) - 1
redis.call('HSET', REPLIES, serial, ARGV[2])
redis.call('HDEL', REPLIES, serial - REPLIES_LIMIT)
keep(redis.call('HLEN', REPLIES), 1)
remember(text(serial))
return serial
