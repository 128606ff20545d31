using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace WebService;

/// <summary>The command line.</summary>
internal sealed record ServiceOptions
{
    /// <summary>The device that is kept open.</summary>
    public string Device { get; private set; } = "auto";

    /// <summary>Where to serve; a free local port under load.</summary>
    public string Url { get; private set; } = "http://127.0.0.1:5080";

    /// <summary>Clients that load the service; 0 to serve others.</summary>
    public int Clients { get; private set; }

    /// <summary>How long they do.</summary>
    public double Seconds { get; private set; } = 600;

    /// <summary>Where the result is written; null for nowhere.</summary>
    public string? Log { get; private set; }

    /// <summary>Reads the command line.</summary>
    public static bool TryParse(string[] arguments, [NotNullWhen(true)] out ServiceOptions? options, out string error)
    {
        (options, error) = (null, "");
        ServiceOptions read = new();
        for (int i = 0; i < arguments.Length; i += 2)
        {
            string name = arguments[i], value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            bool isUnderstood = value.Length > 0;
            switch (name)
            {
                case "--device": read.Device = value; break;
                case "--url": read.Url = value; break;
                case "--log": read.Log = value; break;
                case "--clients": isUnderstood = int.TryParse(value, CultureInfo.InvariantCulture, out int clients) && clients > 0; read.Clients = clients; break;
                case "--seconds": isUnderstood = double.TryParse(value, CultureInfo.InvariantCulture, out double seconds) && seconds > 0; read.Seconds = seconds; break;
                default: isUnderstood = false; break;
            }

            if (isUnderstood) continue;
            error = $"not understood: {name} {value}; use --device NAME, --url URL, --clients COUNT, --seconds SECONDS, --log FILE";
            return false;
        }

        if (read.Clients > 0) read.Url = "http://127.0.0.1:0";
        options = read;
        return true;
    }
}
