// SPDX-License-Identifier: Apache-2.0
#include "reconcile/alert_files.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/text.h"

namespace socbridge::reconcile {
namespace {

constexpr UnixMillis kDayMs = UnixMillis{24} * 3600 * 1000;
constexpr int kDeepest = 3;

// Sort key of a file: the day in its name, or of its last change.
struct Order {
  UnixMillis day = 0;  // its UTC midnight
  std::uint64_t part = 0;
  bool dated = false;  // day taken from its name
  std::string stem;    // path without .gz
};

struct Found {
  AlertFile file;
  Order order;
  bool compressed = false;
};

std::string_view name_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// Name of the folder `up` levels above the file.
std::string_view folder_of(std::string_view path, int up) {
  for (; up > 0; --up) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string_view::npos) return {};
    path = path.substr(0, slash);
  }
  return name_of(path);
}

int month_number(std::string_view name) {
  static constexpr std::array<std::string_view, 12> kMonths = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto it = std::find(kMonths.begin(), kMonths.end(), name);
  return it == kMonths.end() ? 0 : static_cast<int>(it - kMonths.begin()) + 1;
}

// YYYY/Mon/ossec-alerts-DD[-NNN].json
std::optional<Order> day_of(const std::string& stem) {
  constexpr std::string_view kPrefix = "ossec-alerts-";
  constexpr std::string_view kSuffix = ".json";
  std::string_view name = name_of(stem);
  if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix)) return std::nullopt;
  name.remove_prefix(kPrefix.size());
  name.remove_suffix(kSuffix.size());
  const std::size_t dash = name.find('-');
  const auto day = parse_u64(name.substr(0, dash));
  const auto part = dash == std::string_view::npos ? std::optional<std::uint64_t>(0)
                                                   : parse_u64(name.substr(dash + 1));
  const int month = month_number(folder_of(stem, 1));
  const auto year = parse_u64(folder_of(stem, 2));
  if (!day || !part || month == 0 || !year) return std::nullopt;
  const auto two = [](std::uint64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  const auto midnight =
      parse_timestamp(std::to_string(*year) + "-" + two(static_cast<std::uint64_t>(month)) + "-" +
                      two(*day) + "T00:00:00Z");
  if (!midnight) return std::nullopt;
  return Order{*midnight, *part, true, stem};
}

class Finder {
 public:
  Finder(Env& env, const Window& window) : env_(env), window_(window) {}

  Status walk(const std::string& folder, int depth) {
    const auto names = env_.list_dir(folder);
    if (!names.ok()) {
      return Status::error(ExitCode::bad_input, names.status().message(),
                           "run this as root or as a member of group wazuh");
    }
    for (const std::string& name : *names) {
      const std::string path = folder + "/" + name;
      const auto info = env_.lstat(path);
      if (!info.ok()) continue;  // deleted meanwhile
      if (info->is_dir()) {
        if (depth >= kDeepest) {
          skip(path, "is too deep a folder to search; give it as --from");
        } else if (const Status status = walk(path, depth + 1); !status.ok()) {
          return status;
        }
        continue;
      }
      inspect(path, name);
    }
    return {};
  }

  const std::vector<std::string>& skipped() const { return skipped_; }

  std::size_t seen() const { return seen_; }

  std::vector<AlertFile> take() {
    std::vector<Found*> all;
    for (auto& [stem, found] : by_stem_) all.push_back(&found);
    std::sort(all.begin(), all.end(), [](const Found* a, const Found* b) {
      return std::tie(a->order.day, a->order.part, a->order.stem) <
             std::tie(b->order.day, b->order.part, b->order.stem);
    });
    // One entry per file on disk, preferably under the name with its day.
    std::map<Inode, Found*> chosen;
    std::set<Inode> live;
    for (Found* found : all) {
      const auto [it, fresh] = chosen.try_emplace(inode_of(*found), found);
      if (!fresh && found->order.dated && !it->second->order.dated) it->second = found;
      const bool newest = found == all.back() && !found->compressed;
      if (newest || name_of(found->file.path) == "alerts.json") live.insert(inode_of(*found));
    }
    std::vector<AlertFile> out;
    for (Found* found : all) {
      if (chosen[inode_of(*found)] != found || !may_hold(found->order)) continue;
      found->file.live = live.contains(inode_of(*found));
      out.push_back(found->file);
    }
    return out;
  }

 private:
  using Inode = std::pair<std::uint64_t, std::uint64_t>;
  static Inode inode_of(const Found& found) { return {found.file.device, found.file.inode}; }

  static bool is_alert_name(std::string_view name) {
    if (name.ends_with(".gz")) name.remove_suffix(3);
    if (name.starts_with("ossec-archive-") || name == "archives.json") return false;
    return name.ends_with(".json") || name.ends_with(".jsonl") || name.ends_with(".ndjson");
  }

  // A link to a file counts as the file.
  void inspect(const std::string& path, std::string_view name) {
    const auto file = env_.stat(path);
    if (file.ok() && file->is_dir()) {
      skip(path, "is a link to a folder, which is not followed; give it as --from");
    } else if (is_packed_otherwise(name)) {
      skip(path, "has an unsupported compression; decompress it, or use gzip");
    } else if (!is_alert_name(name)) {
      return;
    } else if (!file.ok()) {
      skip(path, "cannot be read: " + file.status().message());
    } else if (file->is_file()) {
      add(path, *file);
    } else {
      skip(path, "is not a regular file");
    }
  }

  void skip(const std::string& path, const std::string& why) {
    skipped_.push_back(printable(path, 300) + " " + why);
  }

  // ossec-alerts-14.json.xz and similar.
  static bool is_packed_otherwise(std::string_view name) {
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos || !is_alert_name(name.substr(0, dot))) return false;
    static constexpr std::array<std::string_view, 8> kPackers = {"xz",  "bz2", "zst", "zip",
                                                                 "lz4", "lzo", "7z",  "Z"};
    return std::find(kPackers.begin(), kPackers.end(), name.substr(dot + 1)) != kPackers.end();
  }

  void add(const std::string& path, const FileInfo& info) {
    ++seen_;
    Found found;
    found.compressed = path.ends_with(".gz");
    const std::string stem = found.compressed ? path.substr(0, path.size() - 3) : path;
    found.file = {path, info.device, info.inode, info.size, false, true};
    found.order = day_of(stem).value_or(
        Order{info.mtime_ms - (info.mtime_ms % kDayMs), UINT64_MAX, false, stem});
    const auto [it, fresh] = by_stem_.try_emplace(stem, found);
    if (!fresh && it->second.compressed) it->second = found;
  }

  bool may_hold(const Order& order) const {
    if (!order.dated) return true;
    return (!window_.since || order.day + 2 * kDayMs > *window_.since) &&
           (!window_.until || order.day - kDayMs < *window_.until);
  }

  Env& env_;
  const Window& window_;
  std::map<std::string, Found> by_stem_;
  std::size_t seen_ = 0;
  std::vector<std::string> skipped_;
};

}  // namespace

Result<std::vector<AlertFile>> find_alert_files(Env& env, const std::string& from,
                                                const Window& window,
                                                std::vector<std::string>* skipped) {
  std::string path = from;
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  const auto info = env.stat(path);
  if (!info.ok()) return Status::error(ExitCode::bad_input, info.status().message());
  if (!info->is_dir()) {
    const bool compressed = path.ends_with(".gz");
    return std::vector<AlertFile>{{path, info->device, info->inode,
                                   info->is_file() ? info->size : 0, !compressed, info->is_file()}};
  }
  Finder finder(env, window);
  if (const Status walked = finder.walk(path, 0); !walked.ok()) return walked;
  if (skipped != nullptr) *skipped = finder.skipped();
  if (finder.seen() == 0) {
    return Status::error(ExitCode::bad_input, printable(path, 300) + " has no file of alerts",
                         "give Wazuh's logs/alerts folder, or a file");
  }
  return finder.take();
}

}  // namespace socbridge::reconcile
