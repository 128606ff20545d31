namespace FusionKernels;

/// <summary>A file does not hold what its format promises.</summary>
/// <param name="file">The file's name.</param>
/// <param name="position">Where in the file, in words: <c>byte 128</c> or <c>line 7</c>.</param>
/// <param name="expected">What the format asks for there.</param>
/// <param name="found">What stands there.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class DataFormatException(string file, string position, string expected, string found, Exception? innerException = null)
    : FusionKernelsException($"{file}, {DataText.Line(position)}: expected {DataText.Line(expected)}, found {DataText.Line(found)}", "Read", "", innerException)
{
    /// <summary>The file's name.</summary>
    public string File { get; } = file;

    /// <summary>Where in the file, in words: <c>byte 128</c> or <c>line 7</c>.</summary>
    public string Position { get; } = DataText.Line(position);

    /// <summary>What the format asks for there.</summary>
    public string Expected { get; } = DataText.Line(expected);

    /// <summary>What stands there.</summary>
    public string Found { get; } = DataText.Line(found);
}
