using System.Diagnostics;
using NUnit.Framework;

namespace FusionKernels.Tests.HardUse;

/// <summary>A disk of a few pages that a test can fill; the test ends as inconclusive where it may not mount one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const string FillerName = "filler";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fusionkernels-disk-");

    /// <summary>Mounts the disk.</summary>
    public SmallDisk(string size)
    {
        if (OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", _folder.FullName) == 0) return;
        _folder.Delete();
        Assert.Inconclusive("a small disk needs Linux and the right to mount one");
    }

    /// <summary>The path of a file on the disk.</summary>
    public string this[string name] => Path.Combine(_folder.FullName, name);

    /// <summary>The files on it, without what fills it.</summary>
    public IEnumerable<string> Names => _folder.EnumerateFiles().Select(file => file.Name).Where(name => name != FillerName);

    /// <summary>Takes all room but so many bytes, in pages.</summary>
    public void Fill(int left = 0)
    {
        using FileStream filler = new(this[FillerName], FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] page = new byte[4096];
        try
        {
            while (true) filler.Write(page);
        }
        catch (IOException)
        {
            // full
        }

        filler.SetLength(filler.Length - left);
    }

    /// <summary>Gives the room back.</summary>
    public void Free() => File.Delete(this[FillerName]);

    /// <inheritdoc/>
    public void Dispose()
    {
        Run("umount", _folder.FullName);
        _folder.Delete();
    }

    private static int Run(string program, params string[] arguments)
    {
        try
        {
            ProcessStartInfo start = new(program, arguments) { RedirectStandardError = true };
            using Process process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception) // there is no such program
        {
            return -1;
        }
    }
}
