#include "term/records.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "json/value.h"
#include "json/writer.h"

namespace socbridge::term {
namespace {

constexpr std::size_t kCellMax = 4096;
constexpr std::size_t kGap = 2;

// Cuts to `width` columns, the last of them an ellipsis.
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

std::string join_array(const std::vector<std::string>& objects) {
  std::string all = "[";
  for (const std::string& object : objects) {
    if (all.size() > 1) all += ',';
    all += object;
  }
  return all + "]";
}

}  // namespace

Records::Records(Format format, Terminal terminal, std::vector<std::string> columns, Sink sink)
    : format_(format), terminal_(terminal), columns_(std::move(columns)), sink_(std::move(sink)) {
  if (format_ == Format::automatic) format_ = terminal_.tty ? Format::table : Format::plain;
}

void Records::add(std::vector<Cell> cells, std::string json_object) {
  ++count_;
  for (Cell& cell : cells) cell.text = printable(cell.text, kCellMax);
  switch (format_) {
    case Format::jsonl: sink_(json_object + "\n"); return;
    case Format::json:
    case Format::yaml: objects_.push_back(std::move(json_object)); return;
    case Format::table:
    case Format::automatic: rows_.push_back(std::move(cells)); return;
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

void Records::write_table() {
  std::vector<std::size_t> widths;
  for (const std::string& name : columns_) widths.push_back(display_width(name));
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(row[i].text));
    }
  }
  std::size_t before_last = 0;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) before_last += widths[i] + kGap;
  const auto terminal_width = static_cast<std::size_t>(terminal_.width);
  constexpr std::size_t kLastAtLeast = 12;
  const std::size_t last_width =
      terminal_width > before_last + kLastAtLeast ? terminal_width - before_last : kLastAtLeast;

  const auto line = [&](const std::vector<Cell>& cells) {
    std::string out;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const bool last = i + 1 == cells.size();
      const std::string text =
          last && terminal_.tty ? fit(cells[i].text, last_width) : cells[i].text;
      out += paint(text, cells[i].style, terminal_.color);
      if (!last) out.append(widths[i] - display_width(text) + kGap, ' ');
    }
    sink_(out + "\n");
  };

  std::vector<Cell> header;
  for (const std::string& name : columns_) header.push_back({name, Style::bold});
  line(header);
  for (const auto& row : rows_) line(row);
}

void Records::finish(std::string_view empty_note) {
  switch (format_) {
    case Format::json: sink_(json::pretty(join_array(objects_)) + "\n"); return;
    case Format::yaml: {
      const auto document = json::Document::parse(join_array(objects_));
      if (document.ok()) sink_(json::to_yaml(document->root()));
      return;
    }
    case Format::table:
      if (rows_.empty()) {
        if (!empty_note.empty()) sink_(std::string(empty_note) + "\n");
        return;
      }
      write_table();
      return;
    case Format::automatic:
    case Format::plain:
    case Format::jsonl: return;
  }
}

}  // namespace socbridge::term
