using System.Diagnostics;
using System.Text.RegularExpressions;
using FusionKernels.Cli;
using FusionKernels.Tests.HardUse;
using NUnit.Framework;

namespace FusionKernels.Tests.Cli;

/// <summary>What the tool draws where people watch it, and where its streams are files: a process before a terminal of its own, and one without.</summary>
[TestFixture]
[Platform("Linux")]
public sealed partial class TerminalTests
{
    /// <summary>A verb with progress, a table and words in bold.</summary>
    private static readonly string[] s_verb = ["cca", SampleViews.Name, "--permutations", "200", "--device", "host"];

    [Test]
    public void Redirected_streams_get_the_result_alone()
    {
        using Process tool = Tool.Start(s_verb);
        (int code, string output, string error) = Tool.End(tool);
        Assert.That((code, error), Is.EqualTo((ExitCode.Success, "")));
        Assert.That(output, Does.Contain("permutation").And.Not.Contain("%").And.Not.Contain("\e"));
    }

    [Test]
    public void A_terminal_gets_progress_and_style_without_NO_COLOR()
    {
        string drawn = InTerminal(hasNoColor: false, "");
        Assert.That(drawn, Does.Contain("100%"));
        Assert.That(Styles().IsMatch(drawn), drawn);
    }

    [Test]
    public void NO_COLOR_takes_colours_and_bold_and_leaves_the_progress()
    {
        string drawn = InTerminal(hasNoColor: true, "");
        Assert.That(drawn, Does.Contain("100%"));
        Assert.That(Styles().Matches(drawn).Select(style => style.Value.Replace('\e', '^')), Is.Empty);
    }

    [Test]
    public void NO_COLOR_leaves_no_escape_sequence_in_the_result()
    {
        // .NET itself sets the keypad up, whatever a program writes.
        string drawn = InTerminal(hasNoColor: true, "2>/dev/null").Replace("\e[?1h\e=", "", StringComparison.Ordinal);
        Assert.That(drawn, Does.Contain("permut").And.Not.Contain("%").And.Not.Contain("\e"));
    }

    /// <summary>What the verb puts on a terminal that knows colours.</summary>
    private static string InTerminal(bool hasNoColor, string redirection)
    {
        ProcessStartInfo start = new("script", ["-qec", $"{string.Join(' ', Tool.Words(s_verb))} {redirection}", "/dev/null"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };

        // Programs that run other programs set variables which the drawing obeys too.
        foreach (string name in start.Environment.Keys.Where(name => name is not ("PATH" or "HOME" or "DOTNET_ROOT")).ToArray()) start.Environment.Remove(name);
        start.Environment["TERM"] = "xterm-256color";
        if (hasNoColor) start.Environment["NO_COLOR"] = "1";
        using Process? terminal = Started(start);
        if (terminal is null) Assert.Inconclusive("there is no 'script', which makes terminals");
        terminal!.StandardInput.Close();
        (int code, string output, string error) = Tool.End(terminal);
        Assert.That((code, error), Is.EqualTo((ExitCode.Success, "")), output);
        return output;
    }

    private static Process? Started(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception) // there is no such program
        {
            return null;
        }
    }

    /// <summary>Colours, bold and the like.</summary>
    [GeneratedRegex(@"\e\[[0-9;]*m")]
    private static partial Regex Styles();
}
