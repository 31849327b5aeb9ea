-- Put messages into the inbox, which is bounded, and take them out.

local arrived, members = {}, {} -- for INBOX and INDEX

local function entry(mobile, serial)
  return string.format('%s/%012d', mobile, serial)
end

local function message_id(serial)
  return string.format('%s%09d', ask.prefix, serial)
end

-- The account is to be told of these when they are final: here, and to all desks that listen.
local function expect(charge, first)
  local awaited = {}
  for serial = first, first + #charge.mobiles - 1 do
    awaited[#awaited + 1] = message_id(serial)
    redis.call('ZADD', DUE, text(charge.due_at), message_id(serial))
  end
  may_be_new = may_be_new or redis.call('ZCARD', DUE) <= #awaited
  redis.call('PUBLISH', DUE_CHANNEL, cmsgpack.pack({ask.session_id, charge.due_at, awaited}))
end

-- The message was here; its caller's ids are free again.
local function forget(serial)
  local packed = redis.call('HGET', INBOX, serial)
  if not packed then
    return false
  end
  local message, id, gone = cmsgpack.unpack(packed), message_id(serial), {text(serial)}
  if message.out_id ~= '' then
    local own_id = message.provider .. '/' .. message.out_id
    for _, field in ipairs({own_id, own_id .. '/' .. message.mobile}) do
      if redis.call('HGET', INBOX, field) == id then
        gone[#gone + 1] = field
      end
    end
  end
  redis.call('HDEL', INBOX, unpack(gone))
  redis.call('ZREM', INDEX, entry(message.mobile, serial))
  redis.call('ZREM', DUE, id)
  redis.call('HDEL', CLAIMS, id)
  return true
end

local function bound()
  local kept_from = numbers.next - ask.inbox_limit
  if numbers.first < kept_from then
    for serial = numbers.first, kept_from - 1 do
      forget(serial)
    end
    set('evicted', numbers.evicted + kept_from - numbers.first)
    set('first', kept_from)
  end
end

-- The messages are in ARGV from a place on; returns the serial of the first.
local function deliver(charge, place)
  local first = numbers.next
  for offset, mobile in ipairs(charge.mobiles) do
    local serial = first + offset - 1
    arrived[text(serial)] = ARGV[place + offset - 1]
    if charge.listed then
      members[#members + 1] = '0'
      members[#members + 1] = entry(mobile, serial)
    end
  end
  if charge.once and not sent_as(charge.out_id) then
    ids[own(charge.out_id)] = message_id(first)
  end
  if once_of(charge) ~= '' then
    ids[own(once_of(charge))] = message_id(first)
  end
  if charge.due_at then
    expect(charge, first)
  end
  may_be_new = may_be_new or first == numbers.first
  set('next', first + #charge.mobiles)
  return first
end

local function write_inbox()
  if next(arrived) then
    write(INBOX, arrived)
    write(INBOX, ids)
    if #members > 0 then
      redis.call('ZADD', INDEX, unpack(members))
    end
    bound()
    redis.call('PUBLISH', ask.channel, text(numbers.next))
  end
end
