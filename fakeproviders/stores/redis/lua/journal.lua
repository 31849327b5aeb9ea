-- A request goes into the journal, which all processes write; returns its serial.
local function note(request, answer, sent)
  local serial = numbers.requests
  set('requests', serial + 1)
  redis.call('XADD', JOURNAL, 'MAXLEN', '~', ask.journal_limit, string.format('%d-0', serial + 1),
    'request', request, 'answer', answer, 'sent', sent and '1' or '0')
  may_be_new = may_be_new or serial == numbers.requests_first
  return text(serial)
end
