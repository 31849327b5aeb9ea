-- A request goes into the journal, which all processes write; returns its serial.
local function note(request, answer, sent)
  local number = redis.call('HINCRBY', STATE, 'requests', 1)
  redis.call('XADD', JOURNAL, 'MAXLEN', '~', ask.journal_limit, string.format('%d-0', number),
    'request', request, 'answer', answer, 'sent', sent and 1 or 0)
  keep(redis.call('XLEN', JOURNAL), 1)
  return text(number - 1)
end
