-- An account's replies that are not read, oldest first; now they are fetched.
local serials, fetched = {}, {}
local next_serial = state('reply_next')
for serial = math.max(state('reply_first'), next_serial - REPLIES_LIMIT), next_serial - 1 do
  if #serials == ask.limit then
    break
  end
  local packed = redis.call('HGET', REPLIES, serial)
  local reply = packed and cmsgpack.unpack(packed)
  if reply and reply.provider == ask.role and reply.status ~= 'read' and not (ask.since and reply.at < ask.since) then
    reply.status = 'fetched'
    serials[#serials + 1] = serial
    fetched[#fetched + 1] = cmsgpack.pack(reply)
    redis.call('HSET', REPLIES, serial, fetched[#fetched])
  end
end
return {serials, fetched}
