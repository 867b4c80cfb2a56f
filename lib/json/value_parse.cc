// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <string>

#if defined(__SSE2__)
#define RAPIDJSON_SSE2  // skips strings and blanks sixteen bytes at a time
#endif
#include <rapidjson/reader.h>

#include "base/swar.h"
#include "base/text.h"
#include "json/abridge.h"
#include "json/document_impl.h"
#include "json/number.h"

namespace socbridge::json {
namespace {

// Builds nodes from RapidJSON's events. Children wait on a stack until their parent is complete.
class Builder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Builder> {
 public:
  using Size = rapidjson::SizeType;

  Builder(Document::Impl& impl, const ParseOptions& options)
      : impl_(&impl),
        max_depth_(std::min(options.max_depth, kDeepest)),
        max_values_(options.abridge ? Bounds{}.all_values : SIZE_MAX),
        large_numbers_(options.large_numbers) {
    stack_.reserve(128);
  }

  bool Null() { return push(Type::null, nullptr, 0); }
  bool Bool(bool flag) { return push(Type::boolean, nullptr, 0, flag); }
  bool RawNumber(const char* text, Size size, bool /*copy*/) {
    const std::string_view spelling(text, size);
    const bool is_text = !large_numbers_ && beyond_double(spelling);
    return push(is_text ? Type::string : Type::number, text, size);
  }
  bool String(const char* text, Size size, bool /*copy*/) {
    return push(large_numbers_ && was_number(text) ? Type::number : Type::string, text, size);
  }
  bool Key(const char* text, Size size, bool /*copy*/) { return push(Type::string, text, size); }
  bool StartObject() { return ++depth_ <= max_depth_; }
  bool StartArray() { return ++depth_ <= max_depth_; }
  bool EndObject(Size members) { return close(Type::object, members, std::size_t{2} * members); }
  bool EndArray(Size elements) { return close(Type::array, elements, elements); }

  bool too_deep() const { return depth_ > max_depth_; }
  bool too_many() const { return values_ > max_values_; }
  Node root() const { return stack_.front(); }

 private:
  // Whether repair() quoted this number. Strings come in the order of the text.
  bool was_number(const char* text) {
    const std::vector<std::size_t>& numbers = impl_->shifts.numbers;
    const auto offset = static_cast<std::size_t>(text - impl_->buffer.data());
    while (next_number_ < numbers.size() && numbers[next_number_] < offset) ++next_number_;
    return next_number_ < numbers.size() && numbers[next_number_] == offset;
  }
  bool push(Type type, const void* data, std::uint32_t size, bool flag = false) {
    stack_.push_back(Node{data, size, type, flag});
    return ++values_ <= max_values_;
  }
  bool close(Type type, Size size, std::size_t nodes) {
    --depth_;
    Node* children = nullptr;
    if (nodes != 0) {
      children = impl_->arena.take(nodes);
      std::memcpy(children, stack_.data() + (stack_.size() - nodes), nodes * sizeof(Node));
      stack_.resize(stack_.size() - nodes);
    }
    return push(type, children, size);
  }

  Document::Impl* impl_;
  std::size_t max_depth_, max_values_;
  bool large_numbers_;
  std::size_t next_number_ = 0;
  std::size_t depth_ = 0;
  std::size_t values_ = 0;
  std::vector<Node> stack_;
};

const char* reason(rapidjson::ParseErrorCode code) {
  switch (code) {
    case rapidjson::kParseErrorDocumentEmpty: return "the text is empty";
    case rapidjson::kParseErrorDocumentRootNotSingular:
      return "text after the end of the JSON value";
    case rapidjson::kParseErrorValueInvalid: return "this is not a JSON value";
    case rapidjson::kParseErrorObjectMissName: return "expected a name in double quotes";
    case rapidjson::kParseErrorObjectMissColon: return "expected ':' after the name";
    case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket: return "expected ',' or '}'";
    case rapidjson::kParseErrorArrayMissCommaOrSquareBracket: return "expected ',' or ']'";
    case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex: return "\\u needs four hex digits";
    case rapidjson::kParseErrorStringUnicodeSurrogateInvalid: return "an unpaired surrogate";
    case rapidjson::kParseErrorStringEscapeInvalid: return "unknown escape in a string";
    case rapidjson::kParseErrorStringMissQuotationMark: return "a string has no closing quote";
    case rapidjson::kParseErrorNumberTooBig: return "number out of range";
    case rapidjson::kParseErrorNumberMissFraction:
      return "expected a digit after the decimal point";
    case rapidjson::kParseErrorNumberMissExponent: return "expected a digit in the exponent";
    default: return "this is not JSON";
  }
}

// Bytes after the end that RapidJSON may read: it loads aligned blocks of 16.
constexpr std::size_t kReadAhead = 16;

// With SSE2, RapidJSON 1.1.0 accepts the control characters 0x1A to 0x1F in a string as plain text.
// They are replaced by 0x01, at which RapidJSON stops. Repair and error positions use the original
// text.
void expose_controls(std::string& text) {
  constexpr unsigned char kEight = 0x18;  // of 0x18 to 0x1F: all are forbidden
  const std::size_t first = swar::skip_run(
      text, 0, [](std::uint64_t bytes) { return swar::any_below(bytes ^ swar::all(kEight), 8); });
  const auto is_one = [](char c) { return (static_cast<unsigned char>(c) & 0xF8U) == kEight; };
  std::replace_if(text.begin() + static_cast<std::ptrdiff_t>(first), text.end(), is_one, '\x01');
}

struct Failure {
  std::size_t offset = 0;
  const char* reason = nullptr;  // null: parsed
  enum class Cure { none, repair, abridge } cure = Cure::none;
};

// Text of this size and above is abridged before it is parsed: parsing it would take a multiple of
// its size.
constexpr std::size_t kLargeText = std::size_t{4} << 20;

constexpr unsigned kStrict = rapidjson::kParseInsituFlag | rapidjson::kParseIterativeFlag |
                             rapidjson::kParseNumbersAsStringsFlag;
constexpr unsigned kComments =
    kStrict | rapidjson::kParseCommentsFlag | rapidjson::kParseTrailingCommasFlag;

// Parses impl.buffer in place.
Failure run(Document::Impl& impl, const ParseOptions& options) {
  expose_controls(impl.buffer);
  Builder builder(impl, options);
  rapidjson::Reader reader;
  rapidjson::InsituStringStream stream(impl.buffer.data());
  rapidjson::ParseResult result;
  if (options.comments && options.allow_trailing) {
    result = reader.Parse<kComments | rapidjson::kParseStopWhenDoneFlag>(stream, builder);
  } else if (options.comments) {
    result = reader.Parse<kComments>(stream, builder);
  } else if (options.allow_trailing) {
    result = reader.Parse<kStrict | rapidjson::kParseStopWhenDoneFlag>(stream, builder);
  } else {
    result = reader.Parse<kStrict>(stream, builder);
  }
  if (result.IsError()) {
    if (builder.too_deep()) return {result.Offset(), "nested too deeply", Failure::Cure::abridge};
    if (builder.too_many()) return {result.Offset(), "too many values", Failure::Cure::abridge};
    const auto code = result.Code();
    const bool repairable = code == rapidjson::kParseErrorStringEscapeInvalid ||
                            code == rapidjson::kParseErrorNumberTooBig;
    return {result.Offset(), reason(code),
            repairable ? Failure::Cure::repair : Failure::Cure::none};
  }
  impl.root = builder.root();
  return {};
}

// Parses the text; repairs it first where that is the remedy.
Failure read(Document::Impl& impl, std::string_view text, const ParseOptions& options) {
  const bool damaged = !is_valid_utf8(text) || has_lone_surrogate_escape(text);
  if (damaged && !options.repair_utf8) return {0, "not valid UTF-8", Failure::Cure::none};
  if (!damaged) {
    impl.buffer.reserve(text.size() + kReadAhead);
    impl.buffer.assign(text);
    const Failure failed = run(impl, options);
    if (failed.cure != Failure::Cure::repair) return failed;
  }
  Repaired repaired = repair(text, options.comments);
  impl.buffer = std::move(repaired.text);
  impl.buffer.reserve(impl.buffer.size() + kReadAhead);
  impl.shifts.shifts = std::move(repaired.shifts);
  impl.shifts.numbers = std::move(repaired.numbers);
  Failure failed = run(impl, options);
  failed.offset = impl.shifts.original_offset(failed.offset);
  return failed;
}

// Abridged text may still not be JSON, but it is neither too deep nor too large.
Failure read_abridged(Document::Impl& impl, std::string_view text, const ParseOptions& options) {
  impl = {};
  Bounds bounds;
  bounds.depth = std::min(options.max_depth, kDeepest);
  const Repaired shorter = abridge(text, bounds);
  ParseOptions as_it_is = options;
  as_it_is.abridge = false;
  Failure failed = read(impl, shorter.text, as_it_is);
  failed.offset = shorter.original_offset(failed.offset);
  return failed;
}

Status failure(std::string_view text, std::size_t offset, const char* why) {
  const Position at = position_of(text, offset);
  return Status::error(ExitCode::bad_input, "line " + std::to_string(at.line) + ", column " +
                                                std::to_string(at.column) + ": " + why);
}

const char* better_reason(std::string_view text, std::size_t offset, const char* why) {
  if (offset >= text.size()) return why;
  if (text[offset] == '\0') return "a NUL byte";
  if (text[offset] == '\n' || text[offset] == '\r') {
    if (std::strcmp(why, "unknown escape in a string") == 0) return "a string has no closing quote";
  }
  return why;
}

}  // namespace

Node* Arena::take(std::size_t count) {
  constexpr std::size_t kBlock = 512;
  if (count > free_) {
    free_ = std::max(count, kBlock << std::min<std::size_t>(blocks_.size(), 8));
    blocks_.push_back(std::make_unique_for_overwrite<Node[]>(free_));
    next_ = blocks_.back().get();
  }
  Node* out = next_;
  next_ += count;
  free_ -= count;
  return out;
}

Position position_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  const auto lines = std::count(before.begin(), before.end(), '\n');
  return {static_cast<std::size_t>(lines) + 1, before.size() - line_start + 1};
}

Document::Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Value Document::root() const { return impl_ ? Value(&impl_->root) : Value(); }

Result<Document> Document::parse(std::string_view bytes, const ParseOptions& options) {
  Document document;
  document.impl_ = std::make_unique<Impl>();
  if (const Status parsed = document.impl_->parse(bytes, options); !parsed.ok()) return parsed;
  return document;
}

Status Document::Impl::parse(std::string_view bytes, const ParseOptions& options) {
  std::string_view text = bytes;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.size() > std::min(options.max_bytes, std::size_t{UINT32_MAX} / 2)) {
    return failure(text, 0, "larger than allowed");
  }
  // RapidJSON takes NUL for the end of the text, so a NUL before the end must be refused here.
  const std::size_t nul = text.find('\0');
  if (nul != std::string_view::npos && !options.allow_trailing) {
    return failure(text, nul, "a NUL byte");
  }
  const std::string_view visible = text.substr(0, nul);
  Failure failed{0, "too large", Failure::Cure::abridge};
  if (!options.abridge || visible.size() <= kLargeText) failed = read(*this, visible, options);
  if (failed.cure == Failure::Cure::abridge && options.abridge) {
    failed = read_abridged(*this, visible, options);
  }
  if (failed.reason == nullptr) return {};
  return failure(text, failed.offset, better_reason(text, failed.offset, failed.reason));
}

}  // namespace socbridge::json
