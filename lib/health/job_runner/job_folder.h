// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/env.h"
#include "health/job_runner/checks.h"

namespace socbridge::health::job_runner {

inline constexpr const char* kSilentFailure =
    "without a shared NFS job directory analyzer jobs fail silently";

// The type of a folder's file system from statfs(2); replaceable in tests.
using FileSystemOf = std::function<Result<std::int64_t>(const std::string& folder)>;
Result<std::int64_t> file_system_of(const std::string& folder);
std::string file_system_name(std::int64_t type);  // "nfs", "tmpfs", "0x1234"

enum class Mode {
  read_only,   // changes nothing: its file system, its mode, and that it can be listed
  write_test,  // files are made, synced, read back, renamed and removed there too; none is left
               // behind
};

// Whether Cortex's job directory meets the needs of jobs: on NFS and accessible to them.
void check_job_folder(Env& env, const std::string& folder, const FileSystemOf& type_of, Mode mode,
                      const Report& report);

// Whether the folder has a subfolder that Cortex created for this job.
bool shows_job(Env& env, const std::string& folder, std::string_view job_id);

}  // namespace socbridge::health::job_runner
