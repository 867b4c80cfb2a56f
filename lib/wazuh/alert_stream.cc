#include "wazuh/alert_stream.h"

#include <algorithm>

#include "base/text.h"
#include "json/value.h"
#include "wazuh/byte_source.h"

namespace socbridge::wazuh {
namespace {

using OnAlert = std::function<void(std::string_view, std::size_t)>;

constexpr std::size_t kMaxWhole = std::size_t{512} << 20;

// An array of alerts or a search answer: its members one by one. False if it is neither.
bool unpack(std::string_view text, const OnAlert& on_alert) {
  json::ParseOptions options;
  options.max_bytes = kMaxWhole;
  const auto document = json::Document::parse(text, options);
  if (!document.ok()) return false;
  json::Value list = document->root();
  if (list.is_object()) list = list["hits"]["hits"];
  if (!list.is_array()) return false;
  for (std::size_t i = 0; i < list.size(); ++i) on_alert(list.at(i).dump(), i + 1);
  return true;
}

// A first line that is JSON in itself says that the file is JSON Lines.
bool first_line_is_whole(std::string_view line) {
  const auto document = json::Document::parse(line);
  return document.ok() && document->root().is_object() && !document->root()["hits"].is_object();
}

class Lines {
 public:
  explicit Lines(const OnAlert& on_alert) : on_alert_(on_alert) {}

  // Hands out the whole lines of `buffer` and leaves the rest in it.
  void take(std::string& buffer) {
    std::size_t start = 0;
    for (std::size_t end = buffer.find('\n'); end != std::string::npos;
         end = buffer.find('\n', start)) {
      line(std::string_view(buffer).substr(start, end - start));
      start = end + 1;
    }
    buffer.erase(0, start);
    if (buffer.size() > kMaxAlertLine) {
      skipping_ = true;
      buffer.clear();
    }
  }
  void line(std::string_view text) {
    ++number_;
    if (skipping_ || text.size() > kMaxAlertLine) {
      ++too_long_;
      skipping_ = false;
      return;
    }
    if (!trim(text).empty()) on_alert_(text, number_);
  }
  Status end(const std::string& path) const {
    if (too_long_ == 0) return {};
    return Status::error(ExitCode::bad_input,
                         printable(path, 300) + ": " + std::to_string(too_long_) +
                             " lines longer than " + std::to_string(kMaxAlertLine >> 20) +
                             " MiB were skipped");
  }

 private:
  const OnAlert& on_alert_;
  std::size_t number_ = 0;
  std::size_t too_long_ = 0;
  bool skipping_ = false;
};

}  // namespace

Status for_each_alert(Env& env, const std::string& path, const OnAlert& on_alert) {
  auto source = ByteSource::open(env, path);
  if (!source.ok()) return source.status();
  std::string buffer;
  bool open = true;
  bool decided = false;
  bool streaming = false;
  Lines lines(on_alert);
  while (open) {
    const auto more = source->more(buffer);
    if (!more.ok()) return more.status();
    open = *more;
    if (!decided) {
      const std::size_t start = buffer.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
      const std::size_t end = start == std::string::npos ? start : buffer.find('\n', start);
      if (end != std::string::npos) {
        decided = true;
        streaming = buffer[start] == '{' &&
                    first_line_is_whole(std::string_view(buffer).substr(start, end - start));
      }
    }
    if (streaming) lines.take(buffer);
    if (!streaming && buffer.size() > kMaxWhole) {
      return Status::error(ExitCode::bad_input, printable(path, 300) + " is larger than " +
                                                    std::to_string(kMaxWhole >> 20) +
                                                    " MiB and not JSON Lines");
    }
  }
  if (streaming) {
    if (!buffer.empty()) lines.line(buffer);
    return lines.end(path);
  }
  if (trim(buffer).empty()) return {};
  if (unpack(buffer, on_alert)) return {};
  // One alert over several lines; if it is not JSON, line by line tells the line of the damage.
  if (json::Document::parse(buffer).ok() || trim(buffer).find('\n') == std::string_view::npos) {
    on_alert(buffer, 1);
    return {};
  }
  if (first_line_is_whole(std::string_view(buffer).substr(0, buffer.find('\n'))) ||
      trim(buffer).find("\n{") != std::string_view::npos) {
    buffer += '\n';
    lines.take(buffer);
    return lines.end(path);
  }
  on_alert(buffer, 1);
  return {};
}

}  // namespace socbridge::wazuh
