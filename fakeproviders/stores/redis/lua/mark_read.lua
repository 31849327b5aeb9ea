-- Mark an account's reply read.
local packed = redis.call('HGET', REPLIES, ask.serial)
local reply = packed and cmsgpack.unpack(packed)
if not reply or reply.provider ~= ask.role then
  return 0
end
reply.status = 'read'
redis.call('HSET', REPLIES, ask.serial, cmsgpack.pack(reply))
return 1
