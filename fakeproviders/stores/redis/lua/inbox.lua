-- Put messages into the inbox, which is bounded, and take them out.

local function entry(mobile, serial)
  return string.format('%s/%012d', mobile, serial)
end

local function message_id(serial)
  return string.format('%s%09d', ask.prefix, serial)
end

-- The account is to be told of these when they are final: here, and to all desks that listen.
local function expect(first)
  local ids = {}
  for serial = first, first + #ask.mobiles - 1 do
    ids[#ids + 1] = message_id(serial)
    redis.call('ZADD', DUE, text(ask.due_at), message_id(serial))
  end
  keep(redis.call('ZCARD', DUE), #ids)
  redis.call('PUBLISH', DUE_CHANNEL, cmsgpack.pack({ask.session_id, ask.due_at, ids}))
end

-- The message was here; its caller's ids are free again.
local function forget(serial)
  local packed = redis.call('HGET', INBOX, serial)
  if not packed then
    return false
  end
  local message = cmsgpack.unpack(packed)
  redis.call('HDEL', INBOX, serial)
  redis.call('ZREM', DUE, message_id(serial))
  redis.call('HDEL', CLAIMS, message_id(serial))
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
  if ask.due_at then
    expect(first)
  end
  bound(oldest, next_serial)
  redis.call('PUBLISH', ask.channel, next_serial)
  return first
end
