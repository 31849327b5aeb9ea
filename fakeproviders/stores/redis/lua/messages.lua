-- So many messages from one serial up to another, or from the newest down; and how far the inbox goes.
-- A mobile's are found by the index. Each is a serial and the message, which may be gone.
local first, next_serial = state('first'), state('next')
local from = math.max(ask.after, first)
local to = math.min(ask.before or next_serial, next_serial) - 1
local serials = {}
if ask.mobile ~= '' then
  local low = string.format('[%s/%012d', ask.mobile, from)
  local high = string.format('[%s/%012d', ask.mobile, math.max(to, 0))
  local found = {}
  if from <= to and ask.newest then
    found = redis.call('ZREVRANGEBYLEX', INDEX, high, low, 'LIMIT', 0, ask.limit)
  elseif from <= to then
    found = redis.call('ZRANGEBYLEX', INDEX, low, high, 'LIMIT', 0, ask.limit)
  end
  for place, member in ipairs(found) do
    serials[place] = tonumber(string.sub(member, -12))
  end
elseif ask.newest then
  for serial = to, math.max(from, to - ask.limit + 1), -1 do
    serials[#serials + 1] = serial
  end
else
  for serial = from, math.min(to, from + ask.limit - 1) do
    serials[#serials + 1] = serial
  end
end
local messages = #serials > 0 and redis.call('HMGET', INBOX, unpack(serials)) or {}
return {next_serial, serials, messages}
