'use strict';

/** glibc tells its version in the process report; musl doesn't. */
function libc() {
  if (process.platform !== 'linux') return '';
  const { report } = process;
  // Else the report resolves the names of all peers of the process, which may take seconds.
  const { excludeNetwork } = report;
  report.excludeNetwork = true;
  const { header } = report.getReport();
  report.excludeNetwork = excludeNetwork;
  return header.glibcVersionRuntime ? '-gnu' : '-musl';
}

/** What addons are named after: "linux-x64-gnu". */
exports.platform = `${process.platform}-${process.arch}${libc()}`;
