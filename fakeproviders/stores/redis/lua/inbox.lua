-- Put messages into the inbox, which is bounded, and take them out.

local function entry(mobile, serial)
  return string.format('%s/%012d', mobile, serial)
end

local function message_id(serial)
  return string.format('%s%09d', ask.prefix, serial)
end

-- The message was here; its caller's ids are free again.
local function forget(serial)
  local packed = redis.call('HGET', INBOX, serial)
  if not packed then
    return false
  end
  local message = cmsgpack.unpack(packed)
  redis.call('HDEL', INBOX, serial)
  redis.call('ZREM', INDEX, entry(message.mobile, serial))
  if message.out_id ~= '' then
    for _, id in ipairs({message.out_id, message.out_id .. '/' .. message.mobile}) do
      local field = message.provider .. '/' .. id
      if redis.call('HGET', OUT_IDS, field) == message_id(serial) then
        redis.call('HDEL', OUT_IDS, field)
      end
    end
  end
  return true
end

local function bound(first, next_serial)
  local kept_from = next_serial - ask.inbox_limit
  if first < kept_from then
    for serial = first, kept_from - 1 do
      forget(serial)
    end
    redis.call('HSET', STATE, 'first', kept_from)
    redis.call('HINCRBY', STATE, 'evicted', kept_from - first)
  end
end

-- The serial of the first.
local function deliver()
  local next_serial = redis.call('HINCRBY', STATE, 'next', #ask.mobiles)
  local first, oldest = next_serial - #ask.mobiles, state('first')
  for place, mobile in ipairs(ask.mobiles) do
    local serial = first + place - 1
    redis.call('HSET', INBOX, serial, ARGV[place + 1])
    if ask.listed then
      redis.call('ZADD', INDEX, 0, entry(mobile, serial))
    end
  end
  if ask.once ~= '' then
    redis.call('HSET', OUT_IDS, own(ask.once), message_id(first))
    redis.call('HSETNX', OUT_IDS, own(ask.out_id), message_id(first))
    keep(redis.call('HLEN', OUT_IDS), 2)
  end
  keep(next_serial - oldest, #ask.mobiles)
  bound(oldest, next_serial)
  redis.call('PUBLISH', ask.channel, next_serial)
  return first
end
