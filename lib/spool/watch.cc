// SPDX-License-Identifier: Apache-2.0
#include "spool/watch.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/text.h"
#include "spool/names.h"

namespace socbridge::spool {
namespace {

constexpr std::uint32_t kCame = IN_MOVED_TO | IN_CREATE;
// A change of the modification time alone is IN_MODIFY, of both times IN_ATTRIB.
constexpr std::uint32_t kTouched = IN_ATTRIB | IN_MODIFY | IN_CLOSE_WRITE;
constexpr std::uint32_t kLeft = IN_MOVED_FROM | IN_DELETE;

}  // namespace

Result<Watch> Watch::start(const Spool& spool, State state) {
  const std::string dir = spool.dir() + "/" + state_name(state);
  Fd fd(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  const int added =
      fd.valid() ? ::inotify_add_watch(fd.get(), dir.c_str(),
                                       kCame | kTouched | kLeft | IN_ONLYDIR | IN_DONT_FOLLOW)
                 : -1;
  if (added < 0) {
    const int reason = errno;
    Status status = Status::error(
        ExitCode::failure,
        "cannot watch " + printable(dir, 300) + ": " + std::generic_category().message(reason),
        reason == EMFILE || reason == ENOSPC ? "raise fs.inotify.max_user_instances or _watches"
                                             : "");
    return status.with_errno(reason);
  }
  return Watch(std::move(fd));
}

void Watch::read(const std::function<void(Event event, std::string_view id)>& on_event) {
  constexpr std::size_t kBuffer = 65536;
  alignas(inotify_event) std::array<char, kBuffer> buffer{};
  for (;;) {
    const ssize_t got = ::read(fd_.get(), buffer.data(), buffer.size());
    if (got <= 0) return;
    for (std::size_t at = 0; at < static_cast<std::size_t>(got);) {
      inotify_event event{};
      std::memcpy(&event, buffer.data() + at, sizeof event);
      const char* name = buffer.data() + at + sizeof event;
      at += sizeof event + event.len;
      if ((event.mask & (IN_Q_OVERFLOW | IN_IGNORED)) != 0) {
        on_event(Event::lost_some, {});
        continue;
      }
      if (event.len == 0) continue;
      const std::string_view id = id_of(std::string_view(name, ::strnlen(name, event.len)));
      if (id.empty()) continue;
      if ((event.mask & kLeft) != 0) {
        on_event(Event::left, id);
      } else {
        on_event((event.mask & kCame) != 0 ? Event::came : Event::touched, id);
      }
    }
  }
}

}  // namespace socbridge::spool
