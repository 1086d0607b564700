# The formula, with places that packaging/homebrew/fill.sh fills from a release's checksums.
class Why401 < Formula
  desc "Says why an API request was refused"
  homepage "https://github.com/why401/why401"
  version "@VERSION@"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      url "https://github.com/why401/why401/releases/download/v@VERSION@/why401-v@VERSION@-aarch64-apple-darwin.tar.gz"
      sha256 "@aarch64-apple-darwin@"
    end
    on_intel do
      url "https://github.com/why401/why401/releases/download/v@VERSION@/why401-v@VERSION@-x86_64-apple-darwin.tar.gz"
      sha256 "@x86_64-apple-darwin@"
    end
  end

  on_linux do
    on_arm do
      url "https://github.com/why401/why401/releases/download/v@VERSION@/why401-v@VERSION@-aarch64-unknown-linux-musl.tar.gz"
      sha256 "@aarch64-unknown-linux-musl@"
    end
    on_intel do
      url "https://github.com/why401/why401/releases/download/v@VERSION@/why401-v@VERSION@-x86_64-unknown-linux-musl.tar.gz"
      sha256 "@x86_64-unknown-linux-musl@"
    end
  end

  def install
    bin.install "why401"
    man1.install "why401.1"
    bash_completion.install "complete/why401.bash" => "why401"
    zsh_completion.install "complete/why401.zsh" => "_why401"
    fish_completion.install "complete/why401.fish"
  end

  test do
    assert_match "why401 #{version}", shell_output("#{bin}/why401 --version")
    assert_match "scope.missing", shell_output("#{bin}/why401 causes")
  end
end
