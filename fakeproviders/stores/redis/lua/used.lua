-- What is used of an account's day, as far as the charges touch it: read once, and written once at the end.

local function from(charge)
  return 'from ' .. charge.ip
end

local used, newly_used = {}, {}
local wanted = {'account'}
for _, charge in ipairs(ask.charges) do
  wanted[#wanted + 1] = from(charge)
  for _, mobile in ipairs(charge.mobiles) do
    wanted[#wanted + 1] = 'to ' .. mobile
  end
end
for place, packed in ipairs(redis.call('HMGET', USED, unpack(wanted))) do
  used[wanted[place]] = packed
end

local function used_of(field)
  return tonumber(used[field] or 0)
end

local function use(field, packed)
  used[field], newly_used[field] = packed, packed
end

local function use_more(field, number)
  use(field, text(math.max(0, used_of(field) + number)))
end

local function write_used()
  write(USED, newly_used)
end
