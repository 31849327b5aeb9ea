// A session's addresses and credentials as settings that are pasted as they stand.

import { CONFIGURED } from "../providers.js";

/** A file of environment variables, for a shell and for dotenv. */
export const env = (session) =>
  lines(
    session,
    (provider, name, value) => `SMS_${provider}_${name}`.toUpperCase() + `='${value.replaceAll("'", `'\\''`)}'`,
  ).join("\n\n") + "\n";

/** A PHP file that returns an array. */
export const php = (session) =>
  `<?php\nreturn [\n${nested(
    session,
    (provider, fields) => `    '${provider}' => [\n${fields}\n    ],`,
    (name, value) => `        '${name}' => ${single(value)},`,
  )}\n];\n`;

/** A Python module with one dict. */
export const python = (session) =>
  `SMS = {\n${nested(
    session,
    (provider, fields) => `    "${provider}": {\n${fields}\n    },`,
    (name, value) => `        "${name}": ${JSON.stringify(value)},`,
  )}\n}\n`;

/** An ES module with one object. */
export const node = (session) =>
  `export default {\n${nested(
    session,
    (provider, fields) => `  ${provider}: {\n${fields}\n  },`,
    (name, value) => `    ${name}: ${JSON.stringify(value)},`,
  )}\n};\n`;

const texts = (fields) => Object.entries(fields).map(([name, value]) => [name, String(value)]);

const lines = (session, line) =>
  CONFIGURED.map((provider) =>
    texts(session[provider])
      .map(([name, value]) => line(provider, name, value))
      .join("\n"),
  );

const nested = (session, block, line) =>
  CONFIGURED.map((provider) =>
    block(
      provider,
      texts(session[provider])
        .map(([name, value]) => line(name, value))
        .join("\n"),
    ),
  ).join("\n");

const single = (text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
