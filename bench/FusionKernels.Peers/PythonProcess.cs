using System.Diagnostics;
using System.Globalization;

namespace FusionKernels.Peers;

/// <summary>A script of <c>Native</c> in a python3 of its own, which keeps the operands: a question and its answer take no time to speak of.</summary>
internal sealed class PythonProcess : IDisposable
{
    private readonly string _library;
    private readonly Process _process;

    /// <summary>Starts the script and waits until it has the operands.</summary>
    /// <param name="script">The script: says its library's name and version, then answers each line with numbers in a line.</param>
    /// <param name="library">The library's name.</param>
    /// <param name="threads">Threads of its BLAS.</param>
    /// <param name="operands">Write what the file holds that is the script's first argument.</param>
    /// <param name="sizes">Its other arguments.</param>
    /// <exception cref="DllNotFoundException">There is no python3 with this library.</exception>
    public PythonProcess(string script, string library, int threads, IEnumerable<Action<Stream>> operands, params int[] sizes)
    {
        _library = library;
        string path = Path.GetTempFileName();
        try
        {
            using (FileStream file = File.Create(path))
            {
                foreach (Action<Stream> write in operands) write(file);
            }

            string[] arguments = [Path.Combine(AppContext.BaseDirectory, "Native", script), path, .. sizes.Select(size => size.ToString(CultureInfo.InvariantCulture))];
            ProcessStartInfo start = new("python3", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["OPENBLAS_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
            _process = Process.Start(start)!;
            string said = _process.StandardOutput.ReadLine() ?? throw new DllNotFoundException($"python3 has no {library}");
            Version = said.Split(' ')[^1];
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new DllNotFoundException("python3 is not installed");
        }
        finally
        {
            // What the script has opened stays open.
            File.Delete(path);
        }
    }

    /// <summary>The library's version.</summary>
    public string Version { get; }

    /// <summary>Asks and waits for the answer.</summary>
    /// <exception cref="InvalidOperationException">The script failed.</exception>
    public double[] Ask(string question)
    {
        _process.StandardInput.WriteLine(question);
        string answer = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{_library} ended: {_process.StandardError.ReadToEnd()}");
        return [.. answer.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
    }

    /// <summary>Ends the process.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
