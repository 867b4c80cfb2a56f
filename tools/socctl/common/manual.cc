// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include "base/env.h"
#include "base/text.h"
#include "base/version.h"
#include "socctl/common/command.h"
#include "socctl/common/tree.h"

namespace socbridge::socctl {
namespace {

std::string roff(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  if (!out.empty() && (out.front() == '.' || out.front() == '\'')) out.insert(0, "\\&");
  return out;
}

std::string page_name(const Node& node) {
  std::string name = node.path;
  std::replace(name.begin(), name.end(), ' ', '-');
  return name;
}

std::string synopsis(const Node& node) {
  std::string line = ".B " + roff(node.path) + "\n";
  if (!node.children.empty()) return line + ".I COMMAND\n";
  line += "[\\fIOPTION\\fR]...";
  for (const OptionInfo& option : node.options) {
    if (!option.names.empty()) continue;
    const std::string word = "\\fI" + roff(option.positional) + "\\fR";
    line += option.required ? " " + word : " [" + word + "]";
    if (option.repeatable) line += "...";
  }
  return line + "\n";
}

std::string option_head(const OptionInfo& option) {
  std::string head;
  for (const std::string& name : option.names) {
    head += (head.empty() ? "" : ", ") + ("\\fB" + roff(name) + "\\fR");
  }
  if (head.empty()) return "\\fI" + roff(option.positional) + "\\fR";
  if (!option.value.empty()) head += " \\fI" + roff(option.value) + "\\fR";
  return head;
}

struct Options {
  std::string directory;
};

Status write_pages(Env& env, const Node& node, const Node& root, const std::string& directory) {
  const std::string path = directory + "/" + page_name(node) + ".1";
  const std::string fresh = path + ".new";
  if (const Status gone = env.unlink(fresh); !gone.ok()) { /* usually not there */
  }
  constexpr mode_t kMode = 0644;
  auto fd = env.create_new(fresh, kMode);
  if (!fd.ok()) return fd.status();
  Status status = env.write_all(fd->get(), manual_page(node, root));
  if (status.ok()) status = env.rename(fresh, path);
  if (!status.ok()) return status;
  for (const Node& child : node.children) {
    status = write_pages(env, child, root, directory);
    if (!status.ok()) return status;
  }
  return {};
}

}  // namespace

std::string manual_page(const Node& node, const Node& root) {
  std::string out = ".TH " + ascii_upper(page_name(node)) + " 1 \"\" \"socbridge " + kVersion +
                    "\" \"User Commands\"\n.SH NAME\n" + roff(page_name(node)) + " \\- " +
                    roff(node.description) + "\n.SH SYNOPSIS\n" + synopsis(node) +
                    ".SH DESCRIPTION\n" + roff(node.description) + ".\n";
  if (!node.children.empty()) {
    out += ".SH COMMANDS\n";
    for (const Node& child : node.children) {
      out += ".TP\n.BR " + roff(page_name(child)) + " (1)\n" + roff(child.description) + "\n";
    }
  }
  if (!node.options.empty()) {
    out += ".SH OPTIONS\n";
    for (const OptionInfo& option : node.options) {
      out += ".TP\n" + option_head(option) + "\n" + roff(option.description) + "\n";
    }
  }
  out += ".SH EXIT STATUS\nThe same for every command: see \\fBsocctl help exit\\-codes\\fR.\n";
  if (&node != &root) out += ".SH SEE ALSO\n.BR " + root.name + " (1)\n";
  return out;
}

void add_manual(Command& app, Chosen& chosen) {
  Command* command =
      app.add_subcommand("manual", "Write the manual pages of all commands into a folder");
  auto options = std::make_shared<Options>();
  command->add_option("directory", options->directory, "Existing folder to write into")
      ->required()
      ->type_name("DIR");
  command->callback([&app, &chosen, options] {
    chosen.handler = [&app, options](Context& context) {
      const Node root = describe(app);
      const Status written = write_pages(context.env, root, root, options->directory);
      return written.ok() ? ExitCode::ok : fail(written);
    };
  });
}

}  // namespace socbridge::socctl
