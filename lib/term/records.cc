// SPDX-License-Identifier: Apache-2.0
#include "term/records.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "json/quote.h"
#include "json/value.h"
#include "json/writer.h"

namespace socbridge::term {
namespace {

constexpr std::size_t kCellMax = 4096;
constexpr std::size_t kGap = 2;
constexpr std::size_t kRowsAtOnce = 1000;

// Cuts to `width` columns; the last one is an ellipsis.
std::string fit(const std::string& text, std::size_t width) {
  if (display_width(text) <= width || width == 0) return text;
  std::string out;
  std::size_t used = 0;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t next = i + 1;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0U) == 0x80U) ++next;
    const std::string_view one = std::string_view(text).substr(i, next - i);
    const std::size_t w = display_width(one);
    if (used + w > width - 1) break;
    out.append(one);
    used += w;
    i = next;
  }
  return out + "…";
}

// The object as an element of an array or list whose elements are written one by one: indented,
// without the brackets of the array.
std::string element(const std::string& json_object) {
  constexpr std::string_view kEnd = "\n]";
  std::string text = json::pretty("[" + json_object + "]");
  text.erase(0, 1);
  text.erase(text.size() - (text.ends_with(kEnd) ? kEnd.size() : 1));
  return text;
}

std::string list_item(const std::string& json_object) {
  json::ParseOptions options;
  options.max_depth *= 2;  // an alert's own JSON may be nested some levels deep
  const auto document = json::Document::parse("[" + json_object + "]", options);
  return document.ok() ? json::to_yaml(document->root()) : std::string();
}

}  // namespace

Records::Records(Format format, Terminal terminal, std::vector<std::string> columns, Sink sink)
    : format_(format), terminal_(terminal), columns_(std::move(columns)), sink_(std::move(sink)) {
  if (format_ == Format::automatic) format_ = terminal_.tty ? Format::table : Format::plain;
}

void Records::add(std::vector<Cell> cells, const std::string& json_object) {
  ++count_;
  for (Cell& cell : cells) cell.text = printable(cell.text, kCellMax);
  switch (format_) {
    case Format::jsonl: sink_(json::escape_unprintable(json_object) + "\n"); return;
    case Format::json: sink_((count_ == 1 ? "[" : ",") + element(json_object)); return;
    case Format::yaml: sink_(list_item(json_object)); return;
    case Format::table:
    case Format::automatic:
      rows_.push_back(std::move(cells));
      if (rows_.size() >= kRowsAtOnce) write_rows();
      return;
    case Format::plain: {
      std::string line;
      for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0) line += '\t';
        line += cells[i].text;
      }
      sink_(line + "\n");
      return;
    }
  }
}

void Records::write_row(const std::vector<Cell>& cells) {
  std::size_t before_last = 0;
  for (std::size_t i = 0; i + 1 < widths_.size(); ++i) before_last += widths_[i] + kGap;
  const auto terminal_width = static_cast<std::size_t>(terminal_.width);
  constexpr std::size_t kLastAtLeast = 12;
  const std::size_t last_width =
      terminal_width > before_last + kLastAtLeast ? terminal_width - before_last : kLastAtLeast;
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const bool last = i + 1 == cells.size();
    const std::string text = last && terminal_.tty ? fit(cells[i].text, last_width) : cells[i].text;
    out += paint(text, cells[i].style, terminal_.color);
    if (!last) out.append(widths_[i] - display_width(text) + kGap, ' ');
  }
  sink_(out + "\n");
}

void Records::write_rows() {
  const bool first = widths_.empty();
  widths_.resize(columns_.size());
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    widths_[i] = std::max(widths_[i], display_width(columns_[i]));
  }
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size() && i < widths_.size(); ++i) {
      widths_[i] = std::max(widths_[i], display_width(row[i].text));
    }
  }
  if (first) {
    std::vector<Cell> header;
    for (const std::string& name : columns_) header.push_back({name, Style::bold});
    write_row(header);
  }
  for (const auto& row : rows_) write_row(row);
  rows_.clear();
}

void Records::finish(std::string_view empty_note) {
  switch (format_) {
    case Format::json: sink_(count_ == 0 ? "[]\n" : "\n]\n"); return;
    case Format::yaml:
      if (count_ == 0) sink_("[]\n");
      return;
    case Format::table:
      if (count_ > 0) {
        if (!rows_.empty()) write_rows();
      } else if (!empty_note.empty()) {
        sink_(std::string(empty_note) + "\n");
      }
      return;
    case Format::automatic:
    case Format::plain:
    case Format::jsonl: return;
  }
}

}  // namespace socbridge::term
