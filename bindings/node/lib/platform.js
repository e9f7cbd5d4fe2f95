'use strict';

/** glibc tells its version in the process report; musl doesn't. */
function libc() {
  if (process.platform !== 'linux') return '';
  const { header } = process.report.getReport();
  return header.glibcVersionRuntime ? '-gnu' : '-musl';
}

/** What addons are named after: "linux-x64-gnu". */
exports.platform = `${process.platform}-${process.arch}${libc()}`;
