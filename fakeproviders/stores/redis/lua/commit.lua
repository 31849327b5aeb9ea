-- Check, charge and send.
local known = earlier()
if known then
  return {'sent', known}
end
local refusal = take()
if refusal then
  return note(refusal)
end
local first = deliver()
remember(text(first))
return note({'sent', text(first)})
