// SPDX-License-Identifier: Apache-2.0
#include "stream/index/watch_list.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/text.h"
#include "observable/detect.h"

namespace socbridge::stream {
namespace {

Status take_line(std::string_view line, std::uint64_t number, const std::string& path,
                 MatchSet& set) {
  line = trim(line);
  if (line.empty() || line.front() == '#') return {};
  const std::size_t tab = line.find('\t');
  std::optional<MatchKey> key;
  if (tab != std::string_view::npos) {
    key = key_of(line.substr(0, tab), line.substr(tab + 1));
  } else {
    const auto read = observable::detect(line);
    if (read.ok()) key = key_of(read->type, read->value);
  }
  if (!key) {
    return Status::error(ExitCode::bad_input,
                         path + ":" + std::to_string(number) + ": \"" + printable(line, 60) +
                             "\" is not an observable that can be matched",
                         "write TYPE, a tab and the value, for example ip<TAB>198.51.100.7");
  }
  set.add(*key, number);
  return {};
}

}  // namespace

Status load_watch_list(Env& env, const std::string& path, MatchSet& set) {
  constexpr std::size_t kRead = 65536;
  constexpr std::size_t kLongest = 65536;
  const auto file = env.open_read(path);
  if (!file.ok()) return Status::error(ExitCode::usage, file.status().message());
  std::string held;
  std::uint64_t number = 0;
  while (true) {
    const std::size_t had = held.size();
    held.resize(had + kRead);
    const ssize_t got = ::read(file->get(), held.data() + had, kRead);
    if (got < 0) {
      return Status::error(ExitCode::failure, "cannot read " + path + ": " + std::strerror(errno));
    }
    held.resize(had + static_cast<std::size_t>(got));
    std::size_t begin = 0;
    for (std::size_t end = held.find('\n'); end != std::string::npos;
         end = held.find('\n', begin)) {
      if (const Status s =
              take_line(std::string_view(held).substr(begin, end - begin), ++number, path, set);
          !s.ok()) {
        return s;
      }
      begin = end + 1;
    }
    held.erase(0, begin);
    if (got == 0) return take_line(held, ++number, path, set);
    if (held.size() > kLongest) {
      return Status::error(ExitCode::bad_input,
                           path + ":" + std::to_string(number + 1) + ": the line is too long");
    }
  }
}

}  // namespace socbridge::stream
