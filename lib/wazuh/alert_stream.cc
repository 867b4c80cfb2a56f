// SPDX-License-Identifier: Apache-2.0
#include "wazuh/alert_stream.h"

#include <algorithm>

#include "base/named_file.h"
#include "base/text.h"
#include "json/raw.h"
#include "json/value.h"
#include "wazuh/alert_container.h"
#include "wazuh/input_file.h"
#include "wazuh/search_answer.h"

namespace socbridge::wazuh {
namespace {

using OnAlert = std::function<void(std::string_view, std::size_t)>;

constexpr std::size_t kMaxWhole = std::size_t{512} << 20;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Offset of the text after blanks and a byte-order mark.
std::size_t begin_of(std::string_view text) {
  const std::size_t start = json::skip_blanks(text, 0);
  if (!text.substr(start).starts_with(kByteOrderMark)) return start;
  return json::skip_blanks(text, start + kByteOrderMark.size());
}

// Offset of the list of alerts in an array of alerts or a search answer; npos for any other text.
std::size_t list_of_alerts(std::string_view text) {
  const std::size_t start = begin_of(text);
  if (start < text.size() && text[start] == '[') return start;
  // An alert may itself have a member `hits`.
  if (json::find_member(text, start, "rule") != std::string_view::npos) {
    return std::string_view::npos;
  }
  const std::size_t hits = json::find_member(text, start, "hits");
  return hits == std::string_view::npos ? hits : json::find_member(text, hits, "hits");
}

// Emits alerts and collects the reasons why alerts may be missing.
class Emitter {
 public:
  explicit Emitter(const OnAlert& on_alert) : on_alert_(on_alert) {}

  // Emits an alert, or the alerts of a container.
  void emit(std::string_view text, std::size_t line) {
    const auto container = Container::of(text);
    if (!container) {
      on_alert_(text, line);
      return;
    }
    for (const std::string& doubt : container->doubts()) add(doubt);
    for (std::size_t i = 0; i < container->size(); ++i) on_alert_(container->item(i), line);
  }
  void add(const std::string& doubt) {
    if (!doubt.empty() && ++doubts_ == 1) first_ = doubt;
  }
  Status end(const std::string& name) const {
    if (doubts_ == 0) return {};
    return Status::error(
        ExitCode::bad_input,
        name + ": " + first_ +
            (doubts_ > 1 ? " (and " + std::to_string(doubts_ - 1) + " more)" : ""));
  }

 private:
  const OnAlert& on_alert_;
  std::size_t doubts_ = 0;
  std::string first_;
};

// A search answer without its hits, which may take most of the memory.
std::string without_hits(std::string_view text) {
  const std::size_t start = begin_of(text);
  const auto member = [&](std::size_t at, const std::string& name) -> std::string {
    const std::size_t value = json::find_member(text, at, name);
    if (value == std::string_view::npos) return {};
    const std::size_t end = json::skip_value(text, value);
    if (end == std::string_view::npos) return {};
    return "\"" + name + "\":" + std::string(text.substr(value, end - value)) + ",";
  };
  std::string out = "{";
  for (const char* name : {"timed_out", "terminated_early", "_shards"}) out += member(start, name);
  std::string total = member(json::find_member(text, start, "hits"), "total");
  if (!total.empty()) total.pop_back();
  return out + "\"hits\":{" + total + "}}";
}

// Emits the items of the list. False if the text is not a list or a search answer, is damaged, or
// is followed by other text; then nothing was emitted.
bool unpack(std::string_view text, Emitter& emitter) {
  const std::size_t begin = begin_of(text);
  const std::size_t end = json::skip_value(text, begin);
  if (end == std::string_view::npos || json::skip_blanks(text, end) != text.size()) return false;
  const std::size_t start = list_of_alerts(text);
  if (!json::for_each_element(text, start, [](std::string_view) {})) return false;
  std::size_t number = 0;
  const bool whole = json::for_each_element(
      text, start, [&](std::string_view element) { emitter.emit(element, ++number); });
  if (text[begin] == '[') {
    if (number == 0) emitter.add("an empty list");
  } else if (const auto answer = json::Document::parse(without_hits(text)); answer.ok()) {
    emitter.add(why_incomplete(answer->root(), number));
  }
  return whole;
}

// If the first line is complete JSON, the file is JSON Lines.
bool first_line_is_whole(std::string_view line) {
  const auto document = json::Document::parse(line, json::ParseOptions::abridging());
  return document.ok() && document->root().is_object() && !document->root()["hits"].is_object();
}

class Lines {
 public:
  explicit Lines(Emitter& emitter) : emitter_(emitter) {}

  // Emits the complete lines of `buffer` and leaves the rest in it.
  void take(std::string& buffer) {
    std::size_t start = 0;
    for (std::size_t end = buffer.find('\n', searched_); end != std::string::npos;
         end = buffer.find('\n', start)) {
      line(std::string_view(buffer).substr(start, end - start));
      start = end + 1;
    }
    buffer.erase(0, start);
    if (buffer.size() > kMaxAlertLine) {
      skipping_ = true;
      buffer.clear();
    }
    searched_ = buffer.size();
  }
  void line(std::string_view text) {
    ++number_;
    if (skipping_ || text.size() > kMaxAlertLine) {
      ++too_long_;
      skipping_ = false;
      return;
    }
    if (!trim(text).empty()) emitter_.emit(text, number_);
  }
  Status end(const std::string& path) const {
    if (too_long_ == 0) return {};
    return Status::error(ExitCode::bad_input,
                         printable(path, 300) + ": " + std::to_string(too_long_) +
                             " lines longer than " + std::to_string(kMaxAlertLine >> 20) +
                             " MiB were skipped");
  }

 private:
  Emitter& emitter_;
  std::size_t number_ = 0;
  std::size_t searched_ = 0;  // the buffer has no line break before this offset
  std::size_t too_long_ = 0;
  bool skipping_ = false;
};

// Reads a file that is one JSON text, or damaged.
Status whole(std::string& buffer, const std::string& path, Emitter& emitter) {
  const std::string_view text = trim(buffer);
  if (begin_of(buffer) == buffer.size()) {
    if (!is_alerts_log(path)) emitter.add("it is empty; check whether its writer failed");
    return {};
  }
  if (unpack(buffer, emitter)) return {};
  // One alert over several lines. If it is not JSON, reading by lines finds the damaged line.
  const bool one_line = text.find('\n') == std::string_view::npos;
  if (one_line || json::Document::parse(buffer, json::ParseOptions::abridging()).ok() ||
      (!first_line_is_whole(std::string_view(buffer).substr(0, buffer.find('\n'))) &&
       text.find("\n{") == std::string_view::npos)) {
    emitter.emit(buffer, 1);
    return {};
  }
  Lines lines(emitter);
  buffer += '\n';
  lines.take(buffer);
  return lines.end(path);
}

// Limits the size of a text that must be kept in memory, and refuses compression ratios that logs
// never reach.
Status check_whole(const std::string& path, std::size_t unpacked, std::uint64_t on_disk) {
  constexpr std::size_t kHarmless = std::size_t{16} << 20;
  constexpr std::uint64_t kMostPacked = 200;  // Wazuh's JSON compresses 10 to 40 times
  const std::string name = name_of_input(path);
  if (unpacked > kMaxWhole) {
    return Status::error(
        ExitCode::bad_input,
        name + " is larger than " + std::to_string(kMaxWhole >> 20) + " MiB and not JSON Lines",
        "write one alert per line");
  }
  if (unpacked > kHarmless && unpacked / kMostPacked > on_disk) {
    return Status::error(ExitCode::bad_input,
                         name + " unpacks to more than " + std::to_string(kMostPacked) +
                             " times its size and is not JSON Lines: reading stopped",
                         "unpack it with gunzip and check it");
  }
  return {};
}

// The complete first line decides whether the file is JSON Lines.
class FirstLine {
 public:
  enum class Kind { unknown, whole_text, lines };

  Kind look(std::string_view buffer) {
    if (kind_ != Kind::unknown) return kind_;
    if (!started_) {
      start_ = start_ == 0 ? begin_of(buffer) : json::skip_blanks(buffer, start_);
      if (start_ == buffer.size()) return kind_;
      started_ = true;
      searched_ = start_;
    }
    const std::size_t end = buffer.find('\n', searched_);
    searched_ = buffer.size();
    if (end == std::string_view::npos) return kind_;
    const bool lines =
        buffer[start_] == '{' && first_line_is_whole(buffer.substr(start_, end - start_));
    return kind_ = lines ? Kind::lines : Kind::whole_text;
  }

 private:
  Kind kind_ = Kind::unknown;
  bool started_ = false;
  std::size_t start_ = 0;
  std::size_t searched_ = 0;
};

}  // namespace

Status for_each_alert(Env& env, const std::string& path, const OnAlert& on_alert) {
  auto source = InputFile::open(env, path);
  if (!source.ok()) return source.status();
  std::string buffer;
  FirstLine first;
  Emitter emitter(on_alert);
  Lines lines(emitter);
  bool streaming = false;
  for (bool open = true; open;) {
    const auto more = source->more(buffer);
    if (!more.ok()) return more.status();
    open = *more;
    streaming = streaming || first.look(buffer) == FirstLine::Kind::lines;
    if (streaming) {
      lines.take(buffer);
    } else if (const Status bad = check_whole(path, buffer.size(), source->raw_offset());
               !bad.ok()) {
      return bad;
    }
  }
  const std::string name = name_of_input(path);
  if (!streaming) {
    const Status read = whole(buffer, path, emitter);
    return read.ok() ? emitter.end(name) : read;
  }
  if (!buffer.empty()) lines.line(buffer);
  const Status read = lines.end(path);
  return read.ok() ? emitter.end(name) : read;
}

Result<Alert> parse_wazuh_alert(std::string_view raw) {
  auto alert = Alert::parse(raw);
  if (!alert.ok()) return alert;
  const std::string why = why_no_alert(alert->root());
  if (why.empty()) return alert;
  return Status::error(ExitCode::bad_input, why);
}

}  // namespace socbridge::wazuh
