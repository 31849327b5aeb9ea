-- Change a message's status; it changes no more by itself.
local packed = redis.call('HGET', INBOX, ask.serial)
if not packed then
  return 0
end
local message = cmsgpack.unpack(packed)
message.status, message.error = ask.status, ask.error
message.done_at, message.due_at = ask.done_at, nil
redis.call('HSET', INBOX, ask.serial, cmsgpack.pack(message))
return 1
