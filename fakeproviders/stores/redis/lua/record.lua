-- Requests go into the journal whole; beside it what was answered to those that are there: serial, answer, ...
-- One that may be there already, written by an earlier request to Redis, is looked for there.
local known = earlier()
if known then
  return cmsgpack.unpack(known)[1]
end

local function noted_before()
  local kept = ask.before and redis.call('HGET', REQUESTS, ask.before % SLOTS)
  local request, result = string.match(kept or '', '^(%d+) (.*)$')
  local serial = tonumber(request) == ask.before and result and cmsgpack.unpack(result)[ask.before_place][1]
  return serial ~= '' and serial
end

local function newest(answers)
  local found = 0
  for place = 1, #answers, 2 do
    found = math.max(found, tonumber(answers[place]))
  end
  return found
end

-- Answers to requests that the journal keeps no longer go: two entries at most for one that comes.
local function bound_answers()
  for _, entry in ipairs(redis.call('XRANGE', ANSWERS, '-', '+', 'COUNT', 2)) do
    local id, answers = unpack(entry)
    if newest(answers) >= numbers.requests - ask.journal_limit then
      return
    end
    redis.call('XDEL', ANSWERS, id)
  end
end

local function answer(...)
  redis.call('XADD', ANSWERS, '*', ...)
  may_be_new = may_be_new or redis.call('XLEN', ANSWERS) == 1
  if numbers.requests - numbers.requests_first > ask.journal_limit then
    bound_answers()
  end
end

if ask.lost > 0 then
  set('requests', numbers.requests + ask.lost)
  may_be_new = true
end
local first = noted_before()
if first then
  answer(first, ARGV[3])
else
  for place = 1, ask.whole do
    local serial = note(ARGV[2 * place], ARGV[2 * place + 1])
    first = first or serial
  end
  if #ARGV > 2 * ask.whole + 1 then
    answer(unpack(ARGV, 2 * ask.whole + 2))
  end
end
write_numbers()
local reply = {first or ''}
remember(cmsgpack.pack({reply}))
return reply
