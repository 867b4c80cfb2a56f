// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/thehive/store/store.h"

#include <unistd.h>

#include <cstdio>
#include <limits>

#include "base/text.h"

namespace socbridge::sandbox {

Result<std::unique_ptr<Store>> Store::open(const std::string& state_file) {
  std::unique_ptr<Store> store(new Store);
  if (state_file.empty()) return store;
  Env& env = Env::real();
  constexpr mode_t kMode = 0640;
  auto file = env.open_append(state_file, kMode);
  if (!file.ok()) return file.status();
  store->file_ = std::move(*file);
  if (const Status loaded = store->load(state_file); !loaded.ok()) return loaded;
  store->tables_.journaling = true;
  return store;
}

Status Store::load(const std::string& path) {
  auto text = Env::real().read_file(path, std::numeric_limits<std::int32_t>::max());
  if (!text.ok()) return text.status();
  const std::size_t whole = text->rfind('\n') == std::string::npos ? 0 : text->rfind('\n') + 1;
  if (whole != text->size() && ::ftruncate(file_.get(), static_cast<off_t>(whole)) != 0) {
    return Status::error(ExitCode::failure, "cannot remove the torn last line of " + path);
  }
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < whole;) {
    const std::size_t end = text->find('\n', begin);
    ++number;
    const auto line = json::Document::parse(std::string_view(*text).substr(begin, end - begin));
    if (!line.ok() || !tables_.replay(line->root())) {
      return Status::error(
          ExitCode::failure,
          "line " + std::to_string(number) + " of " + printable(path) + " is not from a sandbox",
          "give another state file, or remove this one");
    }
    begin = end + 1;
  }
  return {};
}

void Store::save() {
  if (tables_.journal.empty()) return;
  const Status written = Env::real().write_all(file_.get(), tables_.journal);
  tables_.journal.clear();
  if (!written.ok() && !save_failed_) {
    save_failed_ = true;
    std::fprintf(stderr, "sandbox: the state file is no longer complete: %s\n",
                 written.line().c_str());
  }
}

}  // namespace socbridge::sandbox
