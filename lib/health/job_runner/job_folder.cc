// SPDX-License-Identifier: Apache-2.0
#include "health/job_runner/job_folder.h"

#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/text.h"
#include "base/time.h"

namespace socbridge::health::job_runner {
namespace {

// linux/magic.h and statfs(2).
constexpr std::int64_t kNfs = 0x6969;

struct Known {
  std::int64_t type;
  const char* name;
};
constexpr Known kKnown[] = {{kNfs, "nfs"},        {0x01021994, "tmpfs"}, {0xEF53, "ext4"},
                            {0x58465342, "xfs"},  {0x9123683E, "btrfs"}, {0x794c7630, "overlay"},
                            {0x65735546, "fuse"}, {0xFF534D42, "cifs"},  {0x00c36400, "ceph"},
                            {0x2fc12fc1, "zfs"}};

// Does what a job does there, step by step; returns the first error.
Status try_out(Env& env, const std::string& folder) {
  constexpr mode_t kMode = 0644;
  const std::string word =
      "socctl-doctor-" + std::to_string(getpid()) + "-" + std::to_string(wall_now_ms());
  const std::string first = folder + "/" + word + ".tmp", second = folder + "/" + word + ".json";
  const std::string content = "{\"trial\":\"" + word + "\"}";
  Status status;
  {
    const auto file = env.create_new(first, kMode);
    if (!file.ok()) return file.status();
    status = env.write_all(file->get(), content);
    if (status.ok()) status = env.fsync(file->get());
  }
  if (status.ok()) status = env.rename(first, second);
  if (!status.ok()) {
    static_cast<void>(env.unlink(first));
    return status;
  }
  const auto read = env.read_file(second, content.size() + 1);
  const Status removed = env.unlink(second);
  if (!read.ok()) return read.status();
  if (*read != content)
    return Status::error(ExitCode::failure,
                         folder + ": the bytes that were read differ from those written");
  return removed;
}

}  // namespace

Result<std::int64_t> file_system_of(const std::string& folder) {
  struct statfs info {};
  if (statfs(folder.c_str(), &info) != 0) {
    const int e = errno;
    return Status::error(ExitCode::failure, "statfs " + folder + ": " + std::strerror(e))
        .with_errno(e);
  }
  return static_cast<std::int64_t>(static_cast<std::uint32_t>(info.f_type));
}

std::string file_system_name(std::int64_t type) {
  for (const Known& known : kKnown) {
    if (known.type == type) return known.name;
  }
  std::string out;
  for (auto rest = static_cast<std::uint64_t>(type); rest != 0 || out.empty(); rest /= 16)
    out.insert(out.begin(), kHexDigits[rest % kHexDigits.size()]);
  return "0x" + out;
}

void check_job_folder(Env& env, const std::string& folder, const FileSystemOf& type_of, Mode mode,
                      const Report& report) {
  constexpr const char* kCheck = "job folder";
  const std::string name = printable(folder, 100);
  const auto info = env.stat(folder);
  if (!info.ok() || !info->is_dir()) {
    report(failed(kCheck,
                  Status::error(ExitCode::usage, name + " is not there",
                                "run this in Cortex's pod, with the folder of its job.directory")));
    return;
  }
  const auto type = type_of(folder);
  if (!type.ok()) {
    report(failed(kCheck, type.status()));
    return;
  }
  if (*type != kNfs) {
    report(bad(kCheck,
               name + " is on " + file_system_name(*type) + ", not on NFS: " + kSilentFailure,
               "mount the NFS export there, ReadWriteMany (packaging/kubernetes/cortex)"));
  }
  if (mode == Mode::read_only) {
    if (const auto names = env.list_dir(folder); !names.ok()) {
      report(failed(kCheck, Status::error(ExitCode::auth, names.status().message(),
                                          "let this user read it")));
      return;
    }
  } else if (const Status tried = try_out(env, folder); !tried.ok()) {
    report(bad(kCheck, tried.message() + ": " + kSilentFailure,
               "let uid 1001 and the analyzers write there: all_squash, or one group"));
    return;
  }
  constexpr mode_t kForOthers = S_IROTH | S_IXOTH, kForGroup = S_IRGRP | S_IXGRP;
  if ((info->mode & kForOthers) != kForOthers && (info->mode & kForGroup) != kForGroup) {
    report(warning(kCheck,
                   name + " is only accessible to its owner, but analyzers run as other users",
                   "chmod g+rx,o+rx, or all_squash on the export"));
    return;
  }
  if (*type != kNfs) return;
  report(good(kCheck, name + (mode == Mode::read_only
                                  ? " is on NFS; writing is tested by socctl cortex doctor"
                                  : " is on NFS; written, read back, renamed and removed")));
}

bool shows_job(Env& env, const std::string& folder, std::string_view job_id) {
  const auto names = env.list_dir(folder);
  if (!names.ok() || job_id.empty()) return false;
  for (const std::string& name : *names) {
    if (name.find(job_id) != std::string::npos) return true;
  }
  return false;
}

}  // namespace socbridge::health::job_runner
