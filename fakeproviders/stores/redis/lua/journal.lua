-- What is to be known of a send stands in the journal as soon as it is decided, in the same step.

local function note(outcome)
  if ask.journal_limit then
    redis.call('XADD', JOURNAL, 'MAXLEN', '~', ask.journal_limit, '*',
      'entry', ARGV[#ask.mobiles + 2], 'outcome', outcome[1], 'fact', outcome[2] or '')
    keep(redis.call('XLEN', JOURNAL), 1)
  end
  return outcome
end
