-- Forget everything; unless the session is dropped, serials go on and balances are what they begin with.
-- After the keys of every script come those of all days there were when it was asked.
if redis.call('SCARD', DAYS) ~= ask.days then
  return 0
end
local FIRST = {next = 'first', reply_next = 'reply_first', requests = 'requests_first'}
local begins = {}
if not ask.dropped then
  local kept = redis.call('HGETALL', STATE)
  for place = 1, #kept, 2 do
    local field, value = kept[place], kept[place + 1]
    local role = string.match(field, '^(.*)%.start$')
    if role then
      begins[#begins + 1] = {field, value}
      begins[#begins + 1] = {role .. '.balance', value}
    elseif FIRST[field] then
      begins[#begins + 1] = {field, value}
      begins[#begins + 1] = {FIRST[field], value}
    end
  end
end
for _, key in ipairs(KEYS) do
  redis.call('UNLINK', key)
end
for _, pair in ipairs(begins) do
  redis.call('HSET', STATE, pair[1], pair[2])
end
return 1
