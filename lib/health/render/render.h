// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "health/report.h"
#include "term/terminal.h"

namespace socbridge::health {

// `automatic` is table on a terminal, plain in a pipe.
enum class Format {
  automatic,
  table,       // one line a component, then what to do next
  plain,       // one line a check: component, check, state, cause, detail, next, between tabs
  json,        // one object for the run
  jsonl,       // one object a component
  yaml,        // as json
  junit,       // XML that CI systems read: a suite per component, a case per check
  prometheus,  // text exposition format, for the textfile collector
  nagios,      // the plug-in format: one line, performance data, then the reasons
  md,          // GitHub's Markdown
  html,        // one self-contained page with the integration map
};
// Errors (usage): an unknown name, with the nearest one.
Result<Format> parse_format(std::string_view text);

// The whole run as text, ending in a line break. `all_checks` is for the table: every check instead
// of the components alone. Detail and next are plain text from anywhere; each format escapes them.
std::string render(Format format, const Summary& summary, const term::Terminal& terminal,
                   bool all_checks);

// The formats, one file each.
std::string render_table(const Summary& summary, const term::Terminal& terminal, bool all_checks);
std::string render_plain(const Summary& summary);
std::string render_json(const Summary& summary);  // compact
std::string render_jsonl(const Summary& summary);
std::string render_junit(const Summary& summary);
std::string render_prometheus(const Summary& summary);
std::string render_nagios(const Summary& summary);
std::string render_markdown(const Summary& summary);
std::string render_html(const Summary& summary);

// The integration map as an <svg> element; its classes are styled by the page around it.
std::string render_map(const Summary& summary);
// The history of the run as a figure of the page; empty if there is none.
std::string render_strip(const Summary& summary);
// [{"checked_at":"…","components":{"thehive":"ok"}}]
std::string history_json(const std::vector<PastRun>& runs);
// Begins the comment of a page that holds it.
inline constexpr std::string_view kHistoryMark = "<!-- socbridge-history ";

// "3 ok, 1 down, 2 skipped".
std::string counts_text(const Summary& summary);
// "12 ms", or "-" if nothing answered.
std::string latency_text(std::int64_t ms);
// "licence: expires in 3 days" of the worst check, or how many checks were ok.
std::string reason_text(const Report& report);
// For HTML text and attributes; what is_unprintable shows as an escape.
std::string escape_html(std::string_view text);

}  // namespace socbridge::health
