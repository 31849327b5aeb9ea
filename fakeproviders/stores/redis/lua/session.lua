-- What every script begins with: the session's keys, and what is asked.
--
-- The keys are the same for all scripts and all in one slot of a cluster, by the session's hash tag:
--   STATE     hash    next, first, evicted (serials and count of the inbox); reply_next, reply_first;
--                     requests, requests_first (how many there were, and before the journal was emptied last);
--                     of each account <role>.balance, .start and its token bucket: .used, .at
--   TOKENS    zset    <role>/<token> by the moment it ends
--   ONCE      zset    the same, of tokens that are good for one send
--   INBOX     hash    serial: the message as MessagePack, without its id;
--                     <role>/<caller's id>: the message's id, empty while it is only reserved
--   INDEX     zset    <mobile>/<serial, 12 digits>, all of score 0: the listed messages of each mobile
--   RESERVED  hash    reservation: its charge, and where it went on to, as MessagePack
--   REPLIES   hash    serial: the reply as MessagePack, without its id
--   FAULTS    hash    <rule>.matched and <rule>.fired, and the same of each value of its `per`: <rule>.matched/<value>
--   JOURNAL   stream  a request by its serial, counted from 1 there: request (as MessagePack), answer (the same,
--                     empty where it stands in ANSWERS), sent (1 where it was sent and charged in the same step)
--   ANSWERS   stream  the serial of a request: what was answered, as MessagePack; an entry has some of them
--   REQUESTS  hash    this worker's last requests and what came of them, in a fixed number of slots
--   DUE       zset    what is to be told by the moment it is due: a message's id, or reply/<id>
--   CLAIMS    hash    the same: the desk that tells it
--   DAYS      set     names of the account's days that there are keys for
--   USED      hash    an account's day: account, and "from <ip>": how many sends; "to <mobile>": last minute counted,
--                     the counts of its minute, hour, day, and the minute and the hour before them, each with its
--                     count, as MessagePack
-- The session's clock decides which day that is, so that a clock moved back finds what was used.
local STATE, TOKENS, ONCE, INBOX, INDEX, RESERVED, REPLIES, FAULTS, JOURNAL, ANSWERS, REQUESTS, DUE, CLAIMS, DAYS, USED = unpack(KEYS)
local ask = cmsgpack.unpack(ARGV[1])

local function text(number)
  local is_whole = number % 1 == 0 and math.abs(number) < 1e15
  return string.format(is_whole and '%d' or '%.17g', number) -- the former takes a fraction of the time
end

local function own(id)
  return ask.role .. '/' .. id
end

local function state(field)
  return tonumber(redis.call('HGET', STATE, field) or 0)
end

-- Fields with what they are from now on.
local function write(key, changed)
  local fields = {}
  for field, value in pairs(changed) do
    fields[#fields + 1] = field
    fields[#fields + 1] = value
  end
  if #fields > 0 then
    redis.call('HSET', key, unpack(fields))
  end
end

-- Keys that no live process touches go by themselves: what may be new is told so.
local function keep(size, if_at_most)
  if not size or size <= if_at_most then
    for _, key in ipairs(KEYS) do
      redis.call('EXPIRE', key, IDLE)
    end
  end
end
