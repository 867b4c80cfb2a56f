# SPDX-License-Identifier: Apache-2.0
# Run by cpack before a package is built: every file gets the time of the commit, and modes that do
# not depend on the umask.
execute_process(COMMAND chmod -R u=rwX,go=rX "${CPACK_TEMPORARY_DIRECTORY}" COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND find "${CPACK_TEMPORARY_DIRECTORY}" -exec touch -h -d "@${CPACK_SOCBRIDGE_EPOCH}" {} +
  COMMAND_ERROR_IS_FATAL ANY)
