-- The numbers of STATE that most scripts need: read once at the beginning, written once at the end.
local role = ask.role or ''
local BALANCE, LEVEL, AT = role .. '.balance', role .. '.used', role .. '.at'
local found = redis.call('HMGET', STATE, 'next', 'first', 'evicted', 'requests', 'requests_first', BALANCE, LEVEL, AT)
local numbers = {
  next = tonumber(found[1] or 0),
  first = tonumber(found[2] or 0),
  evicted = tonumber(found[3] or 0),
  requests = tonumber(found[4] or 0),
  requests_first = tonumber(found[5] or 0),
  [BALANCE] = tonumber(found[6] or AMPLE),
  [LEVEL] = tonumber(found[7] or 0),
  [AT] = tonumber(found[8] or 0),
}
local changed = {}
local may_be_new = false -- some key

local function set(name, number)
  numbers[name], changed[name] = number, true
end

local function write_numbers()
  for name in pairs(changed) do
    changed[name] = text(numbers[name])
  end
  write(STATE, changed)
  if may_be_new then
    keep()
  end
end
