-- Requests go into the journal whole; beside it what was answered to those that are there.
-- One that may be there already, written by an earlier request to Redis, is looked for there.
local known = earlier()
if known then
  return cmsgpack.unpack(known)
end

local function noted_before()
  local kept = ask.before and redis.call('HGET', REQUESTS, ask.before % SLOTS)
  local request, result = string.match(kept or '', '^(%d+) (.*)$')
  local serial = tonumber(request) == ask.before and result and cmsgpack.unpack(result)[1]
  return serial ~= '' and serial
end

if ask.lost > 0 then
  redis.call('HINCRBY', STATE, 'requests', ask.lost)
end

local function answer(serial, part)
  redis.call('XADD', ANSWERS, 'MAXLEN', '~', ask.journal_limit, '*', serial, part)
  keep(redis.call('XLEN', ANSWERS), 1)
end

local first = noted_before()
if first then
  answer(first, ARGV[3])
else
  for place = 1, ask.whole do
    local serial = note(ARGV[2 * place], ARGV[2 * place + 1])
    first = first or serial
  end
  for place, serial in ipairs(ask.serials) do
    answer(serial, ARGV[2 * ask.whole + place + 1])
  end
end
local reply = {first or ''}
remember(cmsgpack.pack(reply))
return reply
