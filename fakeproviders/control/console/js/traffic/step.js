// A request as steps of a scenario: what made it fail, if it did; the action that makes the panel send such a
// one; and what came of it.

const CHANNELS = { upstream: "reseller" };
const SOME_MOBILE = "13800138000";

/** YAML, to be pasted below `steps:`. What is in braces is JSON, which YAML takes as it is. */
export function step(whole) {
  const mobile = whole.mobile.split(",")[0];
  const action = { channel: CHANNELS[whole.provider] ?? whole.provider, mobile: mobile || SOME_MOBILE };
  const what = whole.fault?.do ?? whole.reason;
  const lines = [
    ...(what ? ["- faults:", `    - ${flow(fault(whole, mobile, what))}`, "  cause: true"] : []),
    "- do: test_send",
    `  with: ${flow(action)}`,
    "  expect:",
    `    received: [${flow(received(whole, mobile))}]`,
  ];
  return `${lines.join("\n")}\n`;
}

const fault = (whole, mobile, what) => ({
  provider: whole.provider,
  operation: whole.operation,
  ...(mobile ? { match: { mobile } } : {}),
  do: what.includes(" + ") ? what.split(" + ") : what,
  times: 1,
});

const received = (whole, mobile) => ({
  provider: whole.provider,
  operation: whole.operation,
  ...(mobile ? { match: { mobile } } : {}),
  outcome: whole.outcome,
  ...(whole.reason ? { reason: whole.reason } : {}),
});

const flow = (value) => JSON.stringify(value, null, 1).replaceAll(/\n */g, " ");
