//! Draws the plot of docs/performance.md.

use std::path::Path;

use callrounded_benches::Failure;
use plotters::prelude::*;

/// Writes a bar chart with the instructions per update of each client.
pub fn write(file: &Path, bars: &[(&str, f64)]) -> Result<(), Failure> {
    let width = 760;
    let height = 40 + 46 * u32::try_from(bars.len())?;
    let maximum = bars.iter().map(|(_, value)| *value).fold(0.0, f64::max);
    let area = SVGBackend::new(file, (width, height)).into_drawing_area();
    // The page may be shown on a dark background.
    area.fill(&WHITE)?;
    let style = ("sans-serif", 15).into_font();
    area.draw_text(
        "CPU instructions per update, in thousands",
        &style.clone().into_text_style(&area),
        (12, 12),
    )?;
    for (index, (name, value)) in (0..).zip(bars) {
        let top = 42 + 46 * index;
        let end = 210 + (value / maximum * 470.0) as i32;
        let color = if name.starts_with("callrounded") {
            RGBColor(31, 111, 180)
        } else {
            RGBColor(150, 150, 150)
        };
        area.draw(&Rectangle::new([(210, top), (end, top + 30)], color.filled()))?;
        area.draw_text(name, &style.clone().into_text_style(&area), (12, top + 7))?;
        area.draw_text(
            &format!("{:.1}", value / 1_000.0),
            &style.clone().into_text_style(&area),
            (end + 8, top + 7),
        )?;
    }
    area.present()?;
    Ok(())
}
