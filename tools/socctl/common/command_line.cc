// SPDX-License-Identifier: Apache-2.0
#include "socctl/common/command_line.h"

#include <CLI/App.hpp>
#include <utility>

namespace socbridge::socctl {
namespace {

// CLI11 writes `FILE ...` for each list, even if it takes one value per occurrence.
class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_option_opts(const CLI::Option* option) const override {
    constexpr std::string_view kMore = " ...";
    std::string text = CLI::Formatter::make_option_opts(option);
    const std::size_t more = text.find(kMore);
    if (more != std::string::npos && !option->get_allow_extra_args()) {
      text.erase(more, kMore.size());
    }
    return text;
  }
};

}  // namespace

Option* Option::type_name(const char* name) {
  option_->type_name(name);
  return this;
}

Option* Option::required() {
  option_->required();
  return this;
}

Option* Option::one_value_each() {
  option_->allow_extra_args(false);
  return this;
}

Option* Option::delimiter(char separator) {
  option_->delimiter(separator);
  return this;
}

Option* Option::excludes(const Option* other) {
  option_->excludes(other->option_);
  return this;
}

Option* Option::one_of(std::initializer_list<const char*> words) {
  option_->check(CLI::IsMember(std::vector<std::string>(words.begin(), words.end())));
  return this;
}

Option* Option::range(std::int64_t least, std::int64_t most) {
  option_->check(CLI::Range(least, most));
  return this;
}

Option* Option::positive() {
  option_->check(CLI::PositiveNumber);
  return this;
}

Command::Command(const char* name, const char* description)
    : root_(std::make_unique<CLI::App>(description, name)), cli_(root_.get()) {
  cli_->formatter(std::make_shared<HelpFormatter>());  // subcommands inherit it
}

Command::Command(CLI::App& cli) : cli_(&cli) {}

Command::~Command() = default;

Command* Command::add_subcommand(const char* name, const std::string& description) {
  CLI::App* cli = cli_->add_subcommand(name, description);
  children_.push_back(std::unique_ptr<Command>(new Command(*cli)));
  return children_.back().get();
}

void Command::require_subcommand(int count) { cli_->require_subcommand(count); }

Option* Command::keep(CLI::Option& option) {
  options_.push_back(std::make_unique<Option>(option));
  return options_.back().get();
}

Option* Command::add_option(const char* names, std::string& target,
                            const std::string& description) {
  return keep(*cli_->add_option(names, target, description));
}

Option* Command::add_option(const char* names, std::int64_t& target,
                            const std::string& description) {
  return keep(*cli_->add_option(names, target, description));
}

Option* Command::add_option(const char* names, std::size_t& target,
                            const std::string& description) {
  return keep(*cli_->add_option(names, target, description));
}

Option* Command::add_option(const char* names, int& target, const std::string& description) {
  return keep(*cli_->add_option(names, target, description));
}

Option* Command::add_option(const char* names, std::vector<std::string>& target,
                            const std::string& description) {
  return keep(*cli_->add_option(names, target, description));
}

Option* Command::add_flag(const char* names, bool& target, const std::string& description) {
  return keep(*cli_->add_flag(names, target, description));
}

Option* Command::add_flag(const char* names, std::string& target, const std::string& description) {
  return keep(*cli_->add_flag(names, target, description));
}

void Command::callback(std::function<void()> function) { cli_->callback(std::move(function)); }

const Command* Command::child(std::string_view name) const {
  for (const auto& child : children_) {
    if (child->cli_->get_name() == name) return child.get();
  }
  return nullptr;
}

}  // namespace socbridge::socctl
