using System.Globalization;

namespace FusionKernels;

/// <content>Kernels out of their own words.</content>
public abstract partial class Kernel
{
    /// <summary>The kernel that <see cref="ToString"/> tells, to the bit; of precomputed matrices there is none in words.</summary>
    /// <exception cref="FormatException">The words are no kernel's; the place is named.</exception>
    internal static Kernel Parse(string words)
    {
        WordReader reader = new(words);
        Kernel kernel = reader.Sum();
        return reader.IsAtEnd ? kernel : throw reader.Error("the end");
    }

    /// <summary>Words that <see cref="Parse"/> reads, for files.</summary>
    /// <exception cref="NotSupportedException">The kernel is of a matrix that was given.</exception>
    internal string ToWords()
    {
        string words = ToString();
        try
        {
            _ = Parse(words);
            return words;
        }
        catch (FormatException exception)
        {
            throw new NotSupportedException($"the kernel {words} is not kept in files: {exception.Message}", exception);
        }
    }

    /// <summary>Reads sums of products of kernels of the table, from left to right.</summary>
    private sealed class WordReader(string words)
    {
        /// <summary>More parts than any formula has; each may be one call within another.</summary>
        private const int MostParts = 500;

        /// <summary>Characters that an error shows.</summary>
        private const int Shown = 40;

        private int _at, _parts;

        public bool IsAtEnd => _at == words.Length;

        public Kernel Sum()
        {
            Kernel sum = Product();
            while (Takes(" + ")) sum += Product();
            return sum;
        }

        public FormatException Error(string expected) => new($"character {_at}, at '{words.AsSpan(_at, Math.Min(Shown, words.Length - _at))}': {expected} expected");

        private Kernel Product()
        {
            if (_at < words.Length && (char.IsAsciiDigit(words[_at]) || words[_at] == '-'))
            {
                double weight = Number(" ");
                Require(" * ");
                return weight * Product();
            }

            Kernel kernel = Factor();
            return Takes(" * ") ? kernel * Factor() : kernel;
        }

        private Kernel Factor()
        {
            Kernel kernel = Takes("(") ? Enclosed() : Takes("centred(") ? Enclosed().Centered() : Takes("normalised(") ? Enclosed().Normalized() : Basic();
            while (Takes("["))
            {
                Index start = Place();
                Require("..");
                kernel = kernel.On(start..Place());
                Require("]");
            }

            return kernel;
        }

        private Kernel Enclosed()
        {
            Kernel kernel = Sum();
            Require(")");
            return kernel;
        }

        private Kernel Basic()
        {
            int first = _at;
            string name = Until("(+ *)[");
            Dictionary<string, double?> given = [];
            if (Takes("("))
            {
                do
                {
                    string parameter = Until("=");
                    Require("=");
                    if (!given.TryAdd(parameter, Takes("1/d") ? null : Number(",)"))) throw Error($"'{parameter}' once");
                }
                while (Takes(", "));
                Require(")");
            }

            try
            {
                Kernel? kernel = Made(name, parameter => given.TryGetValue(parameter, out double? value) ? value : throw Error($"'{parameter}' of {name}"));
                if (kernel is not null && kernel.ToString() == words[first.._at]) return kernel;
            }
            catch (ArgumentException exception)
            {
                throw new FormatException($"'{words[first.._at]}': {exception.Message}", exception);
            }

            _at = first;
            throw Error("a kernel of the table");
        }

        private static Kernel? Made(string name, Func<string, double?> of) => name switch
        {
            "linear" => Linear(),
            "polynomial" => Polynomial(of("gamma"), of("coef0") ?? double.NaN, Whole(of("degree"))),
            "rbf" => Rbf(of("gamma")),
            "laplacian" => Laplacian(of("gamma")),
            "exponential" => Exponential(of("gamma")),
            "sigmoid" => Sigmoid(of("gamma"), of("coef0") ?? double.NaN),
            "cosine" => Cosine(),
            "chi2" => ChiSquared(of("gamma") ?? double.NaN),
            "additive-chi2" => AdditiveChiSquared(),
            "matern" => Matern(of("nu") ?? double.NaN, of("lengthScale") ?? double.NaN),
            "rational-quadratic" => RationalQuadratic(of("alpha") ?? double.NaN, of("lengthScale") ?? double.NaN),
            "periodic" => Periodic(of("period") ?? double.NaN, of("lengthScale") ?? double.NaN),
            _ => null,
        };

        private static int Whole(double? value) => value is >= 0 and <= int.MaxValue && value == Math.Floor(value.Value) ? (int)value : -1;

        private Index Place()
        {
            bool isFromEnd = Takes("^");
            int first = _at;
            while (_at < words.Length && char.IsAsciiDigit(words[_at])) _at++;
            return int.TryParse(words.AsSpan(first.._at), NumberStyles.None, CultureInfo.InvariantCulture, out int place) ? new(place, isFromEnd) : throw Error("a place");
        }

        private double Number(string ends)
        {
            string text = Until(ends);
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : throw Error($"a finite number, not '{text}',");
        }

        private string Until(string ends)
        {
            int length = words.AsSpan(_at).IndexOfAny(ends);
            string part = length < 0 ? words[_at..] : words.Substring(_at, length);
            _at += part.Length;
            return part;
        }

        private bool Takes(string part)
        {
            if (!words.AsSpan(_at).StartsWith(part, StringComparison.Ordinal)) return false;
            if (++_parts > MostParts) throw Error("fewer parts");
            _at += part.Length;
            return true;
        }

        private void Require(string part)
        {
            if (!Takes(part)) throw Error($"'{part}'");
        }
    }
}
