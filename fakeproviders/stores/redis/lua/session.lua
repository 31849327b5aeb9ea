-- What every script begins with: the session's keys, and what is asked.
--
-- The keys are the same for all scripts and all in one slot of a cluster, by the session's hash tag:
--   STATE     hash    next, first, evicted (serials and count of the inbox); reply_next, reply_first;
--                     of each account <role>.balance, .start and its token bucket: .used, .at
--   TOKENS    zset    <role>/<token> by the moment it ends
--   ONCE      zset    the same, of tokens that are good for one send
--   OUT_IDS   hash    <role>/<caller's id>: the message's id, empty while it is only reserved
--   INBOX     hash    serial: the message as MessagePack, without its id
--   INDEX     zset    <mobile>/<serial, 12 digits>, all of score 0: the listed messages of each mobile
--   RESERVED  hash    reservation: the moment it was made
--   REPLIES   hash    serial: the reply as MessagePack, without its id
--   JOURNAL   stream  what is to be known of each send
--   REQUESTS  hash    this worker's last requests and what came of them, in a fixed number of slots
--   DAYS      set     names of the account's days that there are keys for
--   USED      hash    an account's day: account, and "from <ip>": how many sends
--   MOBILES   hash    an account's day: mobile: last minute counted, and the counts of its minute, hour, day
-- The session's clock decides which day that is, so that a clock moved back finds what was used.
local STATE, TOKENS, ONCE, OUT_IDS, INBOX, INDEX, RESERVED, REPLIES, JOURNAL, REQUESTS, DAYS, USED, MOBILES = unpack(KEYS)
local ask = cmsgpack.unpack(ARGV[1])

local function text(number)
  return string.format('%.17g', number)
end

local function own(id)
  return ask.role .. '/' .. id
end

local function state(field)
  return tonumber(redis.call('HGET', STATE, field) or 0)
end

-- Keys that no live process touches go by themselves: what may be new is told so.
local function keep(size, if_at_most)
  if not size or size <= if_at_most then
    for _, key in ipairs(KEYS) do
      redis.call('EXPIRE', key, IDLE)
    end
  end
end
